using System.Text.Json;
using System.Text.Json.Nodes;

namespace Morgana.Cli.Needs.Locks;

/// <summary>NuGet's lock file, <c>packages.NAME.lock.json</c>: what goes into the image.</summary>
internal static class PackageLock
{
    /// <summary>The packages that it names, as Name@Version, each once; none when there is no lock file.</summary>
    /// <exception cref="CommandException">The file is damaged.</exception>
    public static IReadOnlyList<string> Read(string path) =>
        [.. ReadPackages(path).Select(p => p.ToString()).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The packages that it names, by name and version, with their hashes; none when there is no lock file.</summary>
    /// <exception cref="CommandException">The file is damaged.</exception>
    public static IReadOnlyList<LockedPackage> ReadPackages(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        HashSet<LockedPackage> packages = [];
        try
        {
            foreach (
                (string _, JsonNode? framework) in JsonNode.Parse(File.ReadAllText(path))![
                    "dependencies"
                ]!.AsObject()
            )
            {
                foreach ((string name, JsonNode? package) in framework!.AsObject())
                {
                    if ((string?)package!["resolved"] is string version)
                    {
                        packages.Add(new(name, version, (string?)package["contentHash"] ?? ""));
                    }
                }
            }
        }
        catch (Exception exception)
            when (exception is JsonException or NullReferenceException or InvalidOperationException)
        {
            throw new CommandException(
                ExitCode.Missing,
                $"{path} is damaged: restore it from your version control, or run morgana depends --update."
            );
        }

        return
        [
            .. packages
                .OrderBy(p => p.Id, StringComparer.OrdinalIgnoreCase)
                .ThenBy(p => p.Version, StringComparer.Ordinal),
        ];
    }
}
