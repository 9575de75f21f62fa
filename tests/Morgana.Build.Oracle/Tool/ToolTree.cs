using System.Diagnostics;
using System.Security.Cryptography;

namespace Morgana.Build.Oracle.Tool;

/// <summary>A tree that the real tool builds, in processes of its own: MSBuild and the C# compiler are the real ones.</summary>
internal abstract class ToolTree : EditedTree
{
    /// <summary>How often something can happen during a build.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(150);

    private readonly string folder = Directory.CreateTempSubdirectory("morgana-oracle-").FullName;
    private int copies;

    /// <summary>The checkout that this test was built in.</summary>
    public static string Checkout { get; } = FindCheckout();

    public override string Root => Path.Combine(folder, "tree");

    public override bool IsAlive => true;

    public override string Loop => "";

    public override IReadOnlyList<string> Made => [Unikernel + "/dist", Unikernel + "/obj"];

    /// <summary>The folder of the unikernel in the tree.</summary>
    protected abstract string Unikernel { get; }

    /// <summary>The tool, of the configuration and framework of this test.</summary>
    private static string Program
    {
        get
        {
            string here = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
            return Path.Combine(
                Checkout,
                "src/Morgana.Cli/bin",
                Path.GetFileName(Path.GetDirectoryName(here)!),
                Path.GetFileName(here),
                "morgana"
            );
        }
    }

    public override void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>Renames and links keep the kind of a file: else nearly no tree would build.</summary>
    public override IReadOnlyList<string> Alike(string path) =>
        [.. Pool.Where(other => Path.GetExtension(other) == Path.GetExtension(path))];

    public override Task<string?> BuildAsync() => BuildAsync(Root, cache: true);

    public override async Task<string?> BuildCleanAsync()
    {
        string copy = Copy();
        try
        {
            return await BuildAsync(copy, cache: false);
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    /// <summary>The tree, without what builds made of it, in another folder.</summary>
    private string Copy()
    {
        string copy = Path.Combine(folder, $"copy{copies++}");
        Copy(new DirectoryInfo(Root), copy);
        return copy;
    }

    /// <summary>Runs the tool in a unikernel's folder; its exit code and all that it printed.</summary>
    /// <exception cref="OperationCanceledException">It was killed by <see cref="EditedTree.Interfere"/>.</exception>
    private async Task<(int Code, string Text)> RunAsync(
        string tree,
        bool cache,
        params string[] arguments
    )
    {
        ProcessStartInfo start = new(Program, arguments)
        {
            WorkingDirectory = Path.Combine(tree, Unikernel),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MORGANA_CACHE"] = cache ? Path.Combine(folder, "cache") : "off";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task exit = process.WaitForExitAsync();
        while (tree == Root && await Task.WhenAny(exit, Task.Delay(Moment)) != exit)
        {
            try
            {
                Interfere();
            }
            catch (KilledException e)
            {
                process.Kill();
                await exit;
                throw new OperationCanceledException("killed", e);
            }
        }

        await exit;
        return (process.ExitCode, await output + await errors);
    }

    /// <summary>Runs the tool for what must go well.</summary>
    protected void Prepare(params string[] arguments)
    {
        (int code, string text) = RunAsync(Root, cache: true, arguments).GetAwaiter().GetResult();
        if (code != 0)
        {
            throw new InvalidOperationException(
                $"morgana {string.Join(' ', arguments)} ended with {code}:\n{text}"
            );
        }
    }

    private async Task<string?> BuildAsync(string tree, bool cache)
    {
        (int code, string text) = await RunAsync(tree, cache, "build");
        if (code != 0)
        {
            if (text.Contains("MORGANA006", StringComparison.Ordinal))
            {
                throw new BuildException("MORGANA006", text);
            }

            Failure = text;
            return null;
        }

        return string.Join(
            ' ',
            Directory
                .GetFiles(Path.Combine(tree, Unikernel, "dist"))
                .Order(StringComparer.Ordinal)
                .Select(file =>
                    Path.GetFileName(file)
                    + ":"
                    + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))[..16]
                )
        );
    }

    private void Copy(DirectoryInfo from, string to)
    {
        _ = Directory.CreateDirectory(to);
        foreach (FileSystemInfo entry in from.EnumerateFileSystemInfos())
        {
            string path = Path.Combine(to, entry.Name);
            if (entry.LinkTarget is { } target)
            {
                _ = File.CreateSymbolicLink(path, target);
            }
            else if (entry is FileInfo file)
            {
                _ = file.CopyTo(path);
            }
            else if (!Made.Contains(Path.GetRelativePath(Root, entry.FullName)))
            {
                Copy((DirectoryInfo)entry, path);
            }
        }
    }

    private static string FindCheckout()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Morgana.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("These tests run from a checkout.");
    }
}
