using Morgana.EndToEnd.Build;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Stubs;

/// <summary>C of the user's own in an image: samples/foreign-stub, and what goes wrong with such C.</summary>
public sealed class ForeignStubTests
{
    private const string Call =
        "console.WriteByte((byte)Native.Answer()); console.Write(\"\\n\"u8);";

    private const string Import = """

        internal static class Native
        {
            [System.Runtime.InteropServices.DllImport("answers", EntryPoint = "answer")]
            internal static extern int Answer();
        }
        """;

    [Fact]
    public async Task The_sample_computes_its_checksum_in_C()
    {
        string folder = Path.Combine(Repository.Root, "samples/foreign-stub");
        await SucceedsAsync(folder, "configure", "-t", "spt,unix");
        await SucceedsAsync(folder, "depends");
        await SucceedsAsync(folder, "build");
        ProcessResult result = await Unikernel.RunAsync(
            Path.Combine(folder, "dist", "foreign-stub.spt")
        );
        Assert.Contains("crc32 of 123456789: cbf43926\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.Code);

        // The same program as ordinary .NET finds the same C in a shared library.
        ProcessResult ordinary = await RunningProcess.RunAsync(
            Repository.MorganaTool,
            ["-C", folder, "run", "-t", "unix", "--debug"],
            TimeSpan.FromMinutes(5)
        );
        Assert.Contains("cbf43926", ordinary.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "cplusplus",
        "c code/memory.c",
        "c code/memory.cpp",
        "broken.csproj(3): error MORGANA046",
        "is C++"
    )]
    public async Task What_is_wrong_in_the_item_is_told_at_its_line(
        string name,
        string old,
        string by,
        string place,
        string message
    )
    {
        using BrokenBuild build = await StubbedAsync("stub-" + name);
        build.Replace("broken.csproj", old, by);
        string said = await build.FailAsync("build");
        Assert.Contains(place, said, StringComparison.Ordinal);
        Assert.Contains(message, said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_to_nothing_is_told_at_its_line_without_any_stub_and_one_that_is_left_out_is_not()
    {
        using BrokenBuild build = new("stub-nothing");
        build.Replace("Unikernel.cs", "console.Write(\"whole\\n\"u8);", Call);
        build.Write("Native.cs", Import);
        await build.DoAsync("configure", "-t", "spt");
        string said = await build.FailAsync("build");
        Assert.Contains("Unikernel.cs(9): error MORGANA045", said, StringComparison.Ordinal);
        Assert.Contains("this project has no foreign stubs", said, StringComparison.Ordinal);

        build.Replace("Unikernel.cs", Call, "if (OperatingSystem.IsWindows()) " + Call);
        await build.DoAsync("build");
    }

    private static async Task<BrokenBuild> StubbedAsync(string name)
    {
        BrokenBuild build = new(name);
        _ = Directory.CreateDirectory(Path.Combine(build.Folder, "c code"));
        // Called like a source of the native layer, on purpose.
        build.Write(
            "c code/memory.c",
            "#include \"answer.h\"\nint answer(void) { return ANSWER; }\n"
        );
        build.Write("c code/answer.h", "#define ANSWER 'A'\n");
        build.Write(
            "broken.csproj",
            """
            <Project Sdk="Morgana.Sdk">
              <ItemGroup>
                <ForeignStub Include="c code/memory.c" Library="answers" />
              </ItemGroup>
            </Project>
            """
        );
        build.Replace("Unikernel.cs", "console.Write(\"whole\\n\"u8);", Call);
        build.Write("Native.cs", Import);
        await build.DoAsync("configure", "-t", "spt");
        return build;
    }

    private static async Task SucceedsAsync(string folder, params string[] arguments)
    {
        ProcessResult result = await RunningProcess.RunAsync(
            Repository.MorganaTool,
            ["-C", folder, .. arguments],
            TimeSpan.FromMinutes(10)
        );
        Assert.True(result.Code == 0, result.Output + result.Errors);
    }
}
