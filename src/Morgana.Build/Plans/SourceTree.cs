namespace Morgana.Build.Plans;

/// <summary>A folder whose files decided how the plan was made: those with some endings, in it and below, but not in bin/, obj/ and other folders that builds fill.</summary>
public sealed record SourceTree
{
    private static readonly string[] Passed = ["bin", "obj", "dist", "artifacts", "node_modules"];

    /// <summary>Full path of the folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The endings of the names, as in <c>.cs</c>.</summary>
    public required IReadOnlyList<string> Endings { get; init; }

    /// <summary>Whether the files' contents count, or only which files there are.</summary>
    public required bool Contents { get; init; }

    /// <summary>The files, in a fixed order.</summary>
    public IReadOnlyList<string> Files()
    {
        List<string> files = [];
        if (Directory.Exists(Folder))
        {
            Collect(Folder, files);
        }

        files.Sort(StringComparer.Ordinal);
        return files;
    }

    private void Collect(string folder, List<string> files)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            // Editors keep their own files under such names while one writes.
            ReadOnlySpan<char> own = Path.GetFileName(file.AsSpan());
            if (own[0] is '.' or '#' || own[^1] == '~')
            {
                continue;
            }

            foreach (string ending in Endings)
            {
                if (file.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                {
                    files.Add(file);
                    break;
                }
            }
        }

        foreach (string below in Directory.EnumerateDirectories(folder))
        {
            string name = Path.GetFileName(below);
            if (name[0] != '.' && !Passed.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                Collect(below, files);
            }
        }
    }
}
