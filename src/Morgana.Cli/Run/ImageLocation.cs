using System.Runtime.InteropServices;

namespace Morgana.Cli.Run;

/// <summary>Finds the image and the tender on the disk.</summary>
internal static class ImageLocation
{
    /// <summary>The image that <paramref name="given"/> names, else the only one with the extension in <c>dist/</c> below
    /// <paramref name="folder"/>.</summary>
    public static string Find(string? given, string extension, string folder)
    {
        if (given is not null)
        {
            return File.Exists(Path.Combine(folder, given))
                ? given
                : throw new RunException(
                    $"There is no image {given}. Build it with: morgana build"
                );
        }

        if (extension.Length == 0)
        {
            throw new RunException(
                "This folder is not configured, and images of this target have no extension to find them by. Name one with --image PATH."
            );
        }

        string dist = Path.Combine(folder, "dist");
        string[] found = Directory.Exists(dist) ? Directory.GetFiles(dist, "*." + extension) : [];
        Array.Sort(found, StringComparer.Ordinal);
        if (found.Length > 1)
        {
            // Built for several architectures: the one that this machine runs.
            string own =
                RuntimeInformation.OSArchitecture == Architecture.Arm64 ? ".arm64." : ".x64.";
            string[] ours =
            [
                .. found.Where(path => path.EndsWith(own + extension, StringComparison.Ordinal)),
            ];
            found = ours.Length == 1 ? ours : found;
        }

        return found.Length switch
        {
            1 => Path.Combine("dist", Path.GetFileName(found[0])),
            0 => throw new RunException(
                $"There is no image dist/*.{extension} here. Build it with: morgana build   (or name one with --image PATH)"
            ),
            _ => throw new RunException(
                $"There are {found.Length} images in dist/: {string.Join(", ", found.Select(Path.GetFileName))}. "
                    + "Choose one with --image PATH."
            ),
        };
    }

    /// <summary>
    /// The words that start the tender of a target: <paramref name="given"/>; else the native one beside the tool or of the
    /// checkout that the tool is in; else the tool itself, whose command of the target's name is the same tender, though it
    /// takes longer to start.
    /// </summary>
    public static IReadOnlyList<string> FindTender(string? given, string target, string toolFolder)
    {
        if (given is not null)
        {
            return File.Exists(given)
                ? [given]
                : throw new RunException($"There is no tender {given}.");
        }

        string architecture =
            RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        string relative = Path.Combine("tender", architecture, $"morgana-{target}");
        for (DirectoryInfo? above = new(toolFolder); above is not null; above = above.Parent)
        {
            foreach (string candidate in (string[])[relative, Path.Combine("artifacts", relative)])
            {
                string path = Path.Combine(above.FullName, candidate);
                if (File.Exists(path))
                {
                    // One that is older than the library it is made of would not have what was changed since; one that was
                    // installed with the tool belongs to it, whatever the times that unpacking gave the two.
                    string library = Path.Combine(toolFolder, "Morgana.Tender.dll");
                    return
                        path == Path.Combine(above.FullName, relative)
                            && Path.TrimEndingDirectorySeparator(above.FullName)
                                == Path.TrimEndingDirectorySeparator(toolFolder)
                        || !File.Exists(library)
                        || File.GetLastWriteTimeUtc(path) >= File.GetLastWriteTimeUtc(library)
                        ? [path]
                        : [.. ToolProgram.Words, target];
                }
            }
        }

        return [.. ToolProgram.Words, target];
    }
}
