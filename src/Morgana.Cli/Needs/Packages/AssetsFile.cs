using System.Text.Json;
using System.Text.Json.Nodes;

namespace Morgana.Cli.Needs.Packages;

/// <summary>What NuGet's restore decided: <c>obj/project.assets.json</c>.</summary>
internal sealed class AssetsFile
{
    private AssetsFile(
        IReadOnlyList<string> folders,
        IReadOnlyList<Library> libraries,
        IReadOnlyList<(string, string)> downloads,
        IReadOnlyList<string> direct,
        string projectVersion
    )
    {
        ProjectVersion = projectVersion;
        PackageFolders = folders;
        Libraries = libraries;
        Downloads = downloads;
        Direct = direct;
    }

    /// <summary>The folders that packages are unpacked to, the first of them the user's own.</summary>
    public IReadOnlyList<string> PackageFolders { get; }

    /// <summary>Packages and projects, by name.</summary>
    public IReadOnlyList<Library> Libraries { get; }

    /// <summary>Packages that are fetched for the build alone, with their versions.</summary>
    public IReadOnlyList<(string Id, string Version)> Downloads { get; }

    /// <summary>Names of what the project itself refers to.</summary>
    public IReadOnlyList<string> Direct { get; }

    /// <summary>The version of the project itself.</summary>
    public string ProjectVersion { get; }

    /// <summary>Reads the file of a project that has been restored.</summary>
    /// <param name="path">Full path of <c>project.assets.json</c>.</param>
    /// <exception cref="CommandException">There is none, or it is damaged.</exception>
    public static AssetsFile Read(string path)
    {
        try
        {
            return Parse(JsonNode.Parse(File.ReadAllText(path))!.AsObject());
        }
        catch (Exception exception)
            when (exception
                    is JsonException
                        or NullReferenceException
                        or InvalidOperationException
                        or IOException
            )
        {
            throw new CommandException(
                ExitCode.Missing,
                $"{path}, which NuGet's restore writes, cannot be read ({exception.Message}): remove it and run morgana depends."
            );
        }
    }

    private static AssetsFile Parse(JsonObject root)
    {
        JsonObject target = root["targets"]!.AsObject().First().Value!.AsObject();
        JsonObject descriptions = root["libraries"]!.AsObject();
        List<Library> libraries = [];
        foreach ((string key, JsonNode? node) in target)
        {
            string[] parts = key.Split('/', 2);
            JsonNode? description = descriptions[key];
            libraries.Add(
                new Library
                {
                    Id = parts[0],
                    Version = parts[1],
                    IsProject = (string?)node!["type"] == "project",
                    Path = (string?)(description?["msbuildProject"] ?? description?["path"]) ?? "",
                    ContentHash = (string?)description?["sha512"] ?? "",
                    Dependencies = new(
                        (node["dependencies"]?.AsObject() ?? []).ToDictionary(
                            d => d.Key,
                            d => (string?)d.Value ?? ""
                        ),
                        StringComparer.OrdinalIgnoreCase
                    ),
                    RuntimeAssets =
                    [
                        .. (node["runtime"]?.AsObject() ?? [])
                            .Select(asset => asset.Key)
                            .Where(asset => !asset.EndsWith("/_._", StringComparison.Ordinal)),
                    ],
                    ContentFiles =
                    [
                        .. (node["contentFiles"]?.AsObject() ?? [])
                            .Where(file => (string?)file.Value!["buildAction"] == "Compile")
                            .Select(file => file.Key),
                    ],
                }
            );
        }

        JsonNode project = root["project"]!;
        List<(string, string)> downloads =
        [
            .. project["frameworks"]!
                .AsObject()
                .SelectMany(f => f.Value!["downloadDependencies"]?.AsArray() ?? [])
                .Select(d => ((string)d!["name"]!, Exact((string)d["version"]!)))
                .Distinct(),
        ];
        return new AssetsFile(
            [.. root["packageFolders"]!.AsObject().Select(f => f.Key)],
            [.. libraries.OrderBy(l => l.Id, StringComparer.OrdinalIgnoreCase)],
            [.. downloads.OrderBy(d => d.Item1, StringComparer.OrdinalIgnoreCase)],
            [
                .. root["projectFileDependencyGroups"]!
                    .AsObject()
                    .SelectMany(f => f.Value!.AsArray())
                    .Select(d => ((string)d!).Split(' ')[0])
                    .Distinct(StringComparer.OrdinalIgnoreCase),
            ],
            (string?)project["version"] ?? "1.0.0"
        );
    }

    /// <summary>The version in <c>[1.0.0, 1.0.0]</c>.</summary>
    private static string Exact(string range) =>
        range.Trim('[', ']', '(', ')').Split(',')[0].Trim();
}
