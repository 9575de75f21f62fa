using System.Globalization;

namespace Morgana.EndToEnd.Tools;

/// <summary>
/// Folders for what servers and tests write. Like the namespaces, their names hold the process id of the test run, so that
/// those of a killed run are known and removed by the next.
/// </summary>
internal static class TemporaryFolder
{
    private const string Prefix = "morgana-e2e-";

    /// <summary>Makes a folder; whoever made it deletes it.</summary>
    public static DirectoryInfo Create(string purpose) =>
        Directory.CreateTempSubdirectory(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{Prefix}{Environment.ProcessId}-{purpose}-"
            )
        );

    /// <summary>Whether a name begins with the prefix of a test run whose process is gone.</summary>
    public static bool IsStale(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && int.TryParse(
            name[Prefix.Length..].Split('-')[0],
            CultureInfo.InvariantCulture,
            out int process
        )
        && !Directory.Exists($"/proc/{process}");

    /// <summary>Removes what killed test runs left.</summary>
    public static void RemoveStale()
    {
        foreach (string folder in Directory.GetDirectories(Path.GetTempPath(), Prefix + "*"))
        {
            if (IsStale(Path.GetFileName(folder)))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
