using System.Text.Json;
using System.Text.Json.Nodes;

namespace Morgana.Cli.Needs.Packages;

/// <summary>A package as NuGet has unpacked it on this machine.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Folder">Full path of its folder.</param>
internal sealed record InstalledPackage(string Id, string Version, string Folder)
{
    /// <summary>Full path of the package file itself, which NuGet keeps beside what it has unpacked.</summary>
    public string ArchivePath =>
        Path.Combine(Folder, $"{Id.ToLowerInvariant()}.{Version.ToLowerInvariant()}.nupkg");

    /// <summary>The hash that NuGet noted when it unpacked the package; empty when there is no such note.</summary>
    public string NotedHash => Noted("contentHash");

    /// <summary>The source that NuGet had the package from, a folder or an address; empty when there is no such note.</summary>
    public string NotedSource => Noted("source");

    /// <summary>The package in the first of <paramref name="folders"/> that has it; null when none has.</summary>
    public static InstalledPackage? Find(IEnumerable<string> folders, string id, string version) =>
        folders
            .Select(folder =>
                Path.Combine(folder, id.ToLowerInvariant(), version.ToLowerInvariant())
            )
            .Where(Directory.Exists)
            .Select(folder => new InstalledPackage(id, version, folder))
            .FirstOrDefault();

    private string Noted(string name)
    {
        try
        {
            return (string?)
                    JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, ".nupkg.metadata")))?[name]
                ?? "";
        }
        catch (Exception exception)
            when (exception is IOException or JsonException or InvalidOperationException)
        {
            return "";
        }
    }
}
