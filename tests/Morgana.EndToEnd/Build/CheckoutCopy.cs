using Morgana.EndToEnd.Images;

namespace Morgana.EndToEnd.Build;

/// <summary>A copy of what a build needs of this checkout, in another folder, without what was built there: hello is configured in it.</summary>
internal sealed class CheckoutCopy : IDisposable
{
    private static readonly string[] Left = ["bin", "obj", "dist", "vendor"];

    /// <summary>Copies to a new folder below a temporary one.</summary>
    /// <param name="below">The path of the copy below that folder, so that copies can lie at different depths.</param>
    public CheckoutCopy(string below)
    {
        Root = Directory.CreateTempSubdirectory("morgana-copy-").FullName;
        Location = Path.Combine(Root, below);
        foreach (string folder in (string[])["src", "native", "toolchains", "unikernels/hello"])
        {
            Copy(
                new DirectoryInfo(Path.Combine(Repository.Root, folder)),
                Path.Combine(Location, folder)
            );
        }

        foreach (
            string file in (string[])
                [
                    "Directory.Build.props",
                    "Directory.Packages.props",
                    "global.json",
                    "nuget.config",
                    ".editorconfig",
                ]
        )
        {
            File.Copy(Path.Combine(Repository.Root, file), Path.Combine(Location, file));
        }

        // The SDK's own tasks and what eng/fetch-arm64 has unpacked are tools here: the same for both.
        CopyWhole("src/Morgana.Sdk/bin/Release");
        CopyWhole("artifacts/toolchains");
        CopyWhole("packages");
    }

    /// <summary>The folder of the copy.</summary>
    public string Location { get; }

    /// <summary>The unikernel hello in it.</summary>
    public string Hello => Path.Combine(Location, "unikernels", "hello");

    private string Root { get; }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    private void CopyWhole(string folder)
    {
        DirectoryInfo from = new(Path.Combine(Repository.Root, folder));
        if (from.Exists)
        {
            Copy(from, Path.Combine(Location, folder), whole: true);
        }
        else
        {
            _ = Directory.CreateDirectory(Path.Combine(Location, folder));
        }
    }

    private static void Copy(DirectoryInfo from, string to, bool whole = false)
    {
        _ = Directory.CreateDirectory(to);
        foreach (FileInfo file in from.EnumerateFiles())
        {
            // A link stays one: packages that were unpacked hold some that lead nowhere.
            string copy = Path.Combine(to, file.Name);
            _ = file.LinkTarget is { } target
                ? File.CreateSymbolicLink(copy, target)
                : file.CopyTo(copy);
        }

        foreach (DirectoryInfo below in from.EnumerateDirectories())
        {
            if (whole || !Left.Contains(below.Name))
            {
                Copy(below, Path.Combine(to, below.Name), whole);
            }
        }
    }
}
