using System.Security.Cryptography;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Build;

/// <summary>Whatever happens to a build, dist/ has the old image or the new one, and the next build is right.</summary>
public sealed class BrokenBuildTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Builds_that_are_stopped_damaged_or_made_at_once_leave_nothing_wrong()
    {
        using CheckoutCopy copy = new("checkout");
        string cache = Path.Combine(copy.Location, "cache");
        string state = Path.Combine(copy.Hello, "obj", "morgana");
        string image = Path.Combine(copy.Hello, "dist", "hello.spt");
        string source = Path.Combine(copy.Hello, "Unikernel.cs");
        string native = Path.Combine(copy.Location, "native", "libc", "errno.c");
        _ = (await BuildAsync()).Succeeded("the first build");
        string first = Hash();

        // Nothing to do: the answer comes without MSBuild and without a look at the plan.
        ProcessResult nothing = (await BuildAsync()).Succeeded("a build with nothing to do");
        Assert.Contains("unchanged", nothing.Output, StringComparison.Ordinal);

        // Two at once.
        Edit("two");
        ProcessResult[] both = await Task.WhenAll(BuildAsync(), BuildAsync());
        Assert.All(both, result => _ = result.Succeeded("one of two builds at once"));
        string second = Hash();
        Assert.NotEqual(first, second);

        string[] whole = Dist();

        // Ctrl-C while native code is compiled.
        Edit("three");
        await using (RunningProcess build = Start())
        {
            _ = await build.LineAsync("compiling native code", Patience);
            build.Send(PosixSignalNumber.Interrupt);
            Assert.Equal(130, await build.ExitAsync(TimeSpan.FromMinutes(2)));
        }

        Assert.Equal(second, Hash());
        Assert.Equal(whole, Dist());
        _ = (await BuildAsync()).Succeeded("the build after one that was stopped");
        string third = Hash();
        Assert.NotEqual(second, third);

        // Damaged notes of the tool: they are made anew.
        string[] notes =
        [
            .. ((string[])["plan.json", "note", "hashes"]).Select(note =>
                Path.Combine(state, note)
            ),
            .. Directory.GetFiles(Path.Combine(state, "actions")),
        ];
        Assert.All(notes, note => Assert.True(File.Exists(note), note));
        foreach (string note in notes)
        {
            File.WriteAllText(note, "{ damaged");
        }

        _ = (await BuildAsync()).Succeeded("a build with damaged notes");
        Assert.Equal(third, Hash());

        // A damaged cache: what is in it is not believed.
        foreach (
            string content in Directory.GetFiles(
                Path.Combine(cache, "v1", "contents"),
                "*",
                SearchOption.AllDirectories
            )
        )
        {
            File.WriteAllText(content, "damaged");
        }

        Edit("two");
        _ = (await BuildAsync()).Succeeded("a build with a damaged cache");
        Assert.Equal(second, Hash());

        // No C compiler and no linker.
        File.AppendAllText(native, "\nint edited;\n");
        ProcessResult missing = await BuildAsync(
            path: Path.GetDirectoryName(
                Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "/usr/share/dotnet/dotnet"
            )!
        );
        Assert.Equal(1, missing.Code);
        Assert.Contains("is not there: install it", missing.Errors, StringComparison.Ordinal);
        Assert.Equal(second, Hash());

        _ = (await BuildAsync()).Succeeded("the last build");

        // The images of all targets that hello is configured for, and nothing else.
        string[] Dist() =>
            [.. Directory.GetFiles(Path.Combine(copy.Hello, "dist")).Order(StringComparer.Ordinal)];

        string Hash() => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(image)));

        void Edit(string text)
        {
            string original = File.ReadAllText(
                Path.Combine(Repository.Root, "unikernels", "hello", "Unikernel.cs")
            );
            File.WriteAllText(
                source,
                original
                    + $"\ninternal static class Edited {{ [System.Runtime.CompilerServices.ModuleInitializer] internal static void Go() {{ if (System.Environment.TickCount64 < 0) {{ System.Console.WriteLine(\"{text}\"); }} }} }}\n"
            );
        }

        RunningProcess Start(string? path = null) =>
            RunningProcess.Start(
                "/usr/bin/env",
                [
                    $"MORGANA_CACHE={cache}",
                    .. path is null ? (string[])[] : [$"PATH={path}"],
                    Repository.MorganaTool,
                    "build",
                    "-C",
                    copy.Hello,
                ]
            );

        async Task<ProcessResult> BuildAsync(string? path = null)
        {
            await using RunningProcess build = Start(path);
            int code = await build.ExitAsync(Patience);
            return new ProcessResult(code, build.Output, build.Errors);
        }
    }
}
