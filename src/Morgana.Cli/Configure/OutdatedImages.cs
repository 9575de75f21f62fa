using Morgana.Cli.Projects;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Configure;

/// <summary>Images of an earlier configuration that no build makes any more: beside new ones under other names they would grow stale unnoticed.</summary>
internal static class OutdatedImages
{
    /// <summary>Removes them from dist/, and nothing else.</summary>
    /// <param name="folder">The unikernel, configured anew.</param>
    /// <param name="earlier">What it was configured for; null when it was not.</param>
    /// <returns>The paths of what was removed, from the folder.</returns>
    public static IReadOnlyList<string> Remove(UnikernelFolder folder, SavedContext? earlier)
    {
        if (earlier is null || !Directory.Exists(folder.ImagesPath))
        {
            return [];
        }

        HashSet<string> made;
        try
        {
            made = [.. BuiltImage.All(folder).Select(image => image.Path)];
        }
        catch (CommandException)
        {
            // A workspace with mistakes does not tell what it makes; the build will tell the mistakes.
            return [];
        }

        List<string> removed = [];
        foreach (
            string path in earlier
                .Images()
                .Select(image => Path.Combine(folder.ImagesPath, image))
                .Where(path => !made.Contains(path) && File.Exists(path))
        )
        {
            File.Delete(path);
            removed.Add(folder.NameOf(path));
        }

        return removed;
    }
}
