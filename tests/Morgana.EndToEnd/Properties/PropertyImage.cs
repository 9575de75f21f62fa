using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Properties;

/// <summary>Where the images of the property programs lie.</summary>
internal static class PropertyImage
{
    /// <summary>The image of a program for a target.</summary>
    /// <param name="program">The program.</param>
    /// <param name="suffix">What its file name ends in, as in <c>.x64.spt</c>.</param>
    public static string Path(PropertyProgram program, string suffix)
    {
        string folder = System.IO.Path.Combine(Repository.Root, "tests", "Images", program.Image);
        string path = System.IO.Path.Combine(folder, "dist", program.Image + suffix);
        if (!File.Exists(path) && suffix.StartsWith(".x64.", StringComparison.Ordinal))
        {
            // A target that has one architecture does not name it.
            path = System.IO.Path.Combine(folder, "dist", program.Image + suffix[4..]);
        }

        return File.Exists(path)
            ? path
            : throw new MissingToolException(
                $"The image {path} is not built. Build it: eng/build-properties"
            );
    }
}
