namespace Morgana.Cli.Run;

/// <summary>Finds the image and the tender on the disk.</summary>
internal static class ImageLocation
{
    /// <summary>The image that <paramref name="given"/> names, else the only one in <c>dist/</c> below
    /// <paramref name="folder"/>.</summary>
    public static string Find(string? given, string target, string folder)
    {
        if (given is not null)
        {
            return File.Exists(Path.Combine(folder, given))
                ? given
                : throw new RunException(
                    $"There is no image {given}. Build it with: morgana build"
                );
        }

        string dist = Path.Combine(folder, "dist");
        string[] found = Directory.Exists(dist) ? Directory.GetFiles(dist, "*." + target) : [];
        Array.Sort(found, StringComparer.Ordinal);
        return found.Length switch
        {
            1 => Path.Combine("dist", Path.GetFileName(found[0])),
            0 => throw new RunException(
                $"There is no image dist/*.{target} here. Build it with: morgana build   (or name one with --image PATH)"
            ),
            _ => throw new RunException(
                $"There are {found.Length} images in dist/: {string.Join(", ", found.Select(Path.GetFileName))}. "
                    + "Choose one with --image PATH."
            ),
        };
    }

    /// <summary>The spt tender: <paramref name="given"/>, else the one beside the tool or of the checkout it is in.</summary>
    public static string FindTender(string? given, string toolFolder)
    {
        if (given is not null)
        {
            return File.Exists(given)
                ? given
                : throw new RunException($"There is no tender {given}.");
        }

        string beside = Path.Combine(toolFolder, "morgana-spt");
        if (File.Exists(beside))
        {
            return beside;
        }

        string architecture =
            System.Runtime.InteropServices.RuntimeInformation.OSArchitecture
            == System.Runtime.InteropServices.Architecture.Arm64
                ? "linux-arm64"
                : "linux-x64";
        for (DirectoryInfo? above = new(toolFolder); above is not null; above = above.Parent)
        {
            string candidate = Path.Combine(
                above.FullName,
                "artifacts",
                "tender",
                architecture,
                "morgana-spt"
            );
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new RunException(
            $"The spt tender is not built: artifacts/tender/{architecture}/morgana-spt is missing. "
                + "Build it as the README says, or name another with --tender PATH."
        );
    }
}
