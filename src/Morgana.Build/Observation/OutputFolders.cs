namespace Morgana.Build.Observation;

/// <summary>
/// Which folders of a repository hold what builds made, so that nothing is looked for in them. A name alone says nothing: a folder called <c>bin</c> may be full of sources.
/// </summary>
internal sealed class OutputFolders
{
    private const string Assets = "project.assets.json";

    // https://bford.info/cachedir/
    private const string CacheTag = "CACHEDIR.TAG";
    private readonly HashSet<string> own;
    private readonly bool onlyOwn;

    /// <param name="own">Full paths of folders that the build itself fills.</param>
    /// <param name="onlyOwn">Whether folders that other builds fill are looked into: the project speaks of such ones.</param>
    public OutputFolders(IEnumerable<string> own, bool onlyOwn)
    {
        this.own = new HashSet<string>(own, StringComparer.Ordinal);
        this.onlyOwn = onlyOwn;
    }

    public bool Contains(string folder)
    {
        ReadOnlySpan<char> name = Path.GetFileName(folder.AsSpan());

        // Of git's own folder a few files count: they are named one by one.
        if (name is ".git" || own.Contains(folder))
        {
            return true;
        }

        if (onlyOwn)
        {
            return false;
        }

        if (File.Exists(Path.Combine(folder, CacheTag)))
        {
            return true;
        }

        string beside = Path.GetDirectoryName(folder) ?? "";
        return name switch
        {
            // What NuGet writes into a project's obj/ tells that it is one.
            "obj" => IsObjects(folder),
            "bin" => IsObjects(Path.Combine(beside, "obj")),
            "dist" => Directory.Exists(Path.Combine(beside, "obj", "morgana"))
                && File.Exists(Path.Combine(beside, "config.cs")),
            "artifacts" or ".artifacts" => HoldsObjects(Path.Combine(folder, "obj")),
            _ => false,
        };
    }

    private static bool IsObjects(string folder) =>
        File.Exists(Path.Combine(folder, Assets))
        || Directory.Exists(Path.Combine(folder, "morgana"));

    private static bool HoldsObjects(string folder) =>
        Directory.Exists(folder) && Directory.EnumerateDirectories(folder).Any(IsObjects);
}
