using System.Reflection;

namespace Authority;

/// <summary>The master files that the build put into the image.</summary>
internal static class ZoneFiles
{
    private const string Folder = "zones/";

    /// <summary>Name and text of each file.</summary>
    public static IEnumerable<(string Name, string Text)> Read()
    {
        Assembly assembly = typeof(ZoneFiles).Assembly;
        foreach (string name in assembly.GetManifestResourceNames())
        {
            if (!name.StartsWith(Folder, StringComparison.Ordinal))
            {
                continue;
            }

            using Stream stream = assembly.GetManifestResourceStream(name)!;
            using var reader = new StreamReader(stream);
            yield return (name, reader.ReadToEnd());
        }
    }
}
