namespace Morgana.Workspace.Toolchains;

/// <summary>
/// The folder of the user's cache in which parts of toolchains are kept that no package brings, such as the archive of C functions for another
/// architecture. It outlives checkouts and versions, and both a checkout and the installed SDK look there.
/// </summary>
public static class ToolchainCache
{
    /// <summary>The environment variable that names another folder.</summary>
    public const string Variable = "MORGANA_TOOLCHAIN_CACHE";

    /// <summary>What stands for the folder at the beginning of a path in toolchain.json.</summary>
    public const string Mark = "{cache}";

    /// <summary>The folder: what the variable says, or <c>morgana/toolchains</c> in the user's cache folder; empty when the user has none.</summary>
    public static string Folder()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return Path.GetFullPath(named);
        }

        string cache =
            Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } given
            && Path.IsPathRooted(given)
                ? given
            : OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile)
                is { Length: > 0 } home
                ? Path.Combine(home, ".cache")
            : "";
        return cache.Length == 0 ? "" : Path.Combine(cache, "morgana", "toolchains");
    }

    /// <summary>The paths that a path of toolchain.json stands for: one, or none when it is in a cache that the user does not have.</summary>
    internal static IEnumerable<string> Expand(string path)
    {
        if (!path.StartsWith(Mark, StringComparison.Ordinal))
        {
            yield return path;
        }
        else if (Folder() is { Length: > 0 } folder)
        {
            yield return folder + path[Mark.Length..];
        }
    }
}
