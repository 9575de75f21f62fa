using System.Text.Json;
using System.Text.Json.Nodes;

namespace Morgana.Cli.Needs;

/// <summary>NuGet's lock file.</summary>
internal static class PackageLock
{
    /// <summary>The packages that it names, as Name@Version, each once; none when there is no lock file.</summary>
    /// <exception cref="CommandException">The file is damaged.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        SortedSet<string> packages = new(StringComparer.Ordinal);
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
                        packages.Add($"{name}@{version}");
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

        return [.. packages];
    }
}
