using System.Text.Json;
using System.Text.Json.Nodes;
using Morgana.Cli.Output;

namespace Morgana.Cli.Needs.Vendoring;

/// <summary><c>vendor/vendor.json</c>: what lies in vendor/, where it came from, and what it was when it was written.</summary>
internal static class VendorIndex
{
    /// <summary>File name of the index.</summary>
    public const string FileName = "vendor.json";

    /// <summary>The packages that an index lists; none when there is no index.</summary>
    /// <param name="path">Full path of the index.</param>
    /// <exception cref="CommandException">It is damaged.</exception>
    public static IReadOnlyList<VendoredPackage> Read(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        try
        {
            return
            [
                .. JsonNode.Parse(File.ReadAllText(path))!["packages"]!
                    .AsArray()
                    .Select(node => new VendoredPackage
                    {
                        Id = Text(node, "id"),
                        Version = Text(node, "version"),
                        ContentHash = Text(node, "contentHash"),
                        Source = Text(node, "source"),
                        Address = Text(node, "address"),
                        Commit = Text(node, "commit"),
                        Licence = Text(node, "licence"),
                        Files = new(
                            node!["files"]!
                                .AsObject()
                                .ToDictionary(f => f.Key, f => (string?)f.Value ?? ""),
                            StringComparer.Ordinal
                        ),
                    }),
            ];
        }
        catch (Exception exception)
            when (exception is JsonException or NullReferenceException or InvalidOperationException)
        {
            throw new CommandException(
                ExitCode.LockStale,
                $"{path} is damaged: restore it from your version control, or remove the folder vendor (with your edits) and run morgana depends --vendor."
            );
        }

        static string Text(JsonNode? node, string name) =>
            (string?)node![name]
            ?? throw new JsonException($"A package in the index has no {name}.");
    }

    /// <summary>The text of an index.</summary>
    public static string Print(IEnumerable<VendoredPackage> packages) =>
        new JsonObject
        {
            ["//"] =
                "Written by morgana depends --vendor. The hashes tell which files have been edited since.",
            ["version"] = 1,
            ["packages"] = new JsonArray([
                .. packages
                    .OrderBy(p => p.Id, StringComparer.OrdinalIgnoreCase)
                    .Select(p =>
                        (JsonNode)
                            new JsonObject
                            {
                                ["id"] = p.Id,
                                ["version"] = p.Version,
                                ["contentHash"] = p.ContentHash,
                                ["source"] = p.Source,
                                ["address"] = p.Address,
                                ["commit"] = p.Commit,
                                ["licence"] = p.Licence,
                                ["files"] = new JsonObject(
                                    p.Files.Select(f =>
                                        KeyValuePair.Create(f.Key, (JsonNode?)f.Value)
                                    )
                                ),
                            }
                    ),
            ]),
        }.ToJsonString(JsonOutput.Indented) + "\n";
}
