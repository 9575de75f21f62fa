using System.Globalization;

namespace Morgana.Build.Caching;

/// <summary>Where the user's cache is, and how large it may be.</summary>
public static class CacheLocation
{
    /// <summary>The environment variable that names another folder, or is <c>off</c>.</summary>
    public const string FolderVariable = "MORGANA_CACHE";

    /// <summary>The environment variable with the size in megabytes.</summary>
    public const string SizeVariable = "MORGANA_CACHE_SIZE";

    private const long DefaultMegabytes = 5_000;

    /// <summary>The folder; null when the user wants none.</summary>
    public static string? Folder()
    {
        string? named = Environment.GetEnvironmentVariable(FolderVariable);
        if (!string.IsNullOrWhiteSpace(named))
        {
            return named.Trim().ToLowerInvariant() is "off" or "none" or "0"
                ? null
                : Path.GetFullPath(named);
        }

        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string? caches =
            OperatingSystem.IsWindows()
                ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Caches")
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
            && Path.IsPathRooted(xdg)
                ? xdg
            : home.Length > 0 ? Path.Combine(home, ".cache")
            : null;
        return string.IsNullOrEmpty(caches) ? null : Path.Combine(caches, "morgana", "build");
    }

    /// <summary>The user's cache; null when the user wants none.</summary>
    public static ActionCache? Open() =>
        Folder() is string folder ? new ActionCache(folder, Limit()) : null;

    /// <summary>The most bytes that it may have.</summary>
    public static long Limit() =>
        long.TryParse(
            Environment.GetEnvironmentVariable(SizeVariable),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out long megabytes
        )
            ? Math.Min(megabytes, long.MaxValue >> 20) << 20
            : DefaultMegabytes << 20;
}
