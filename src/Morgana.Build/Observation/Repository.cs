namespace Morgana.Build.Observation;

/// <summary>The tree of sources that a project is part of.</summary>
public static class Repository
{
    /// <summary>Looked for by MSBuild, NuGet, the compilers and the dotnet command in the project's folder and every folder above it.</summary>
    private static readonly string[] Ambient =
    [
        "Directory.Build.props",
        "Directory.Build.targets",
        "Directory.Build.rsp",
        "Directory.Packages.props",
        "MSBuild.rsp",
        "global.json",
        "nuget.config",
        "NuGet.config",
        "NuGet.Config",
        ".editorconfig",
        ".globalconfig",
    ];

    /// <summary>The folder of the git repository that a folder is in; the folder itself when it is in none.</summary>
    public static string RootOf(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
        {
            string git = Path.Combine(at.FullName, ".git");
            if (Directory.Exists(git) || File.Exists(git))
            {
                return at.FullName;
            }
        }

        return folder;
    }

    /// <summary>Whether a folder is below another one, or the same.</summary>
    public static bool IsIn(string path, string folder)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(folder);
        string above = Path.TrimEndingDirectorySeparator(folder);
        // The root keeps its separator.
        return path.StartsWith(above, StringComparison.Ordinal)
            && (
                path.Length == above.Length
                || Path.EndsInDirectorySeparator(above)
                || path[above.Length] == Path.DirectorySeparatorChar
            );
    }

    /// <summary>
    /// The folders to look through: those given, and where no git repository says how far the tree goes, the folder that all of them are in. The root, a folder directly below it
    /// and a user's home belong to more than one project.
    /// </summary>
    /// <param name="root">The project's repository.</param>
    /// <param name="others">Folders that the build read from.</param>
    public static IReadOnlyList<string> Folders(string root, IEnumerable<string> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        string[] outside = [.. others.Where(folder => !IsIn(folder, root)).Distinct()];
        if (!Path.Exists(Path.Combine(root, ".git")))
        {
            string common = root;
            foreach (string folder in outside)
            {
                while (!IsIn(folder, common))
                {
                    common = Path.GetDirectoryName(common) ?? "/";
                }
            }

            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (common != home && Path.GetDirectoryName(Path.GetDirectoryName(common)) is not null)
            {
                return [common];
            }
        }

        string[] all = [root, .. outside];
        return
        [
            .. all.Where(folder => !all.Any(above => above != folder && IsIn(folder, above)))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <summary>Full paths of files above a folder that count, there or not: those that build tools look for in every folder above.</summary>
    public static IEnumerable<string> AmbientFiles(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
        {
            foreach (string name in Ambient)
            {
                yield return Path.Combine(at.FullName, name);
            }
        }

        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        yield return Path.Combine(home, ".nuget", "NuGet", "NuGet.Config");
        yield return Path.Combine(home, ".config", "NuGet", "NuGet.Config");
    }

    /// <summary>Files and folders of git that say which commit is checked out: .NET writes it into assemblies.</summary>
    public static (IReadOnlyList<string> Files, IReadOnlyList<string> Folders) GitState(string root)
    {
        string git = Path.Combine(root, ".git");
        string common = git;
        if (File.Exists(git))
        {
            // A work tree beside its repository, or a submodule.
            string text = File.ReadAllText(git).Trim();
            const string Prefix = "gitdir:";
            if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            {
                return ([git], []);
            }

            git = Path.GetFullPath(text[Prefix.Length..].Trim(), root);
            string pointer = Path.Combine(git, "commondir");
            common = File.Exists(pointer)
                ? Path.GetFullPath(File.ReadAllText(pointer).Trim(), git)
                : git;
        }
        else if (!Directory.Exists(git))
        {
            return ([], []);
        }

        return (
            [
                Path.Combine(git, "HEAD"),
                Path.Combine(common, "packed-refs"),
                Path.Combine(common, "config"),
            ],
            [Path.Combine(common, "refs", "heads"), Path.Combine(common, "refs", "tags")]
        );
    }
}
