using System.Text.Json.Nodes;
using Morgana.Cli.Needs.Bom;
using Morgana.Cli.Needs.Locks;
using Morgana.Cli.Needs.Packages;

namespace Morgana.Cli.Tests;

/// <summary>The shape that the published schema of CycloneDX 1.6 requires, as far as the document uses it.</summary>
public sealed class BillOfMaterialsTests : IDisposable
{
    private static readonly string[] Types = ["application", "framework", "library", "firmware"];

    private readonly UnikernelSandbox _sandbox = new();

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public void It_has_what_the_schema_requires()
    {
        JsonNode bom = JsonNode.Parse(Print(null))!;
        Assert.Equal("CycloneDX", (string?)bom["bomFormat"]);
        Assert.Equal("1.6", (string?)bom["specVersion"]);
        Assert.Equal(1, (int?)bom["version"]);
        Assert.Matches(
            "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
            (string?)bom["serialNumber"]
        );
        JsonObject[] components =
        [
            .. bom["components"]!.AsArray().Select(c => c!.AsObject()),
            bom["metadata"]!["component"]!.AsObject(),
        ];
        HashSet<string> references = [];
        Assert.All(
            components,
            component =>
            {
                Assert.Contains((string?)component["type"], Types);
                Assert.NotEmpty((string)component["name"]!);
                Assert.True(references.Add((string)component["bom-ref"]!));
                foreach (JsonNode? hash in component["hashes"]?.AsArray() ?? [])
                {
                    Assert.Matches(
                        (string?)hash!["alg"] == "SHA-512" ? "^[0-9a-f]{128}$" : "^[0-9a-f]{64}$",
                        (string?)hash["content"]
                    );
                }
            }
        );
        // Each reference in the graph is a component, and each component stands in the graph once.
        Assert.Equal(
            references.Order(StringComparer.Ordinal),
            bom["dependencies"]!.AsArray().Select(d => (string)d!["ref"]!)
        );
        Assert.All(
            bom["dependencies"]!.AsArray().SelectMany(d => d!["dependsOn"]!.AsArray()),
            needed => Assert.Contains((string)needed!, references)
        );
        Assert.Null(bom["metadata"]!["timestamp"]);
    }

    [Fact]
    public void The_graph_is_that_of_the_packages()
    {
        JsonNode bom = JsonNode.Parse(Print(null))!;
        JsonArray Needs(string reference) =>
            bom["dependencies"]!.AsArray().Single(d => (string?)d!["ref"] == reference)![
                "dependsOn"
            ]!.AsArray();
        Assert.Equal(["pkg:nuget/B@2.0.0"], Needs("pkg:nuget/A@1.0.0").Select(n => (string)n!));
        Assert.Equal(
            ["host:libc.a", "pkg:nuget/A@1.0.0"],
            Needs("unikernel:sample").Select(n => (string)n!)
        );
    }

    [Fact]
    public void The_same_unikernel_gives_the_same_bytes_and_time_comes_only_from_outside()
    {
        Assert.Equal(Print(null), Print(null));
        JsonNode timed = JsonNode.Parse(Print(1763769600))!;
        Assert.Equal("2025-11-22T00:00:00Z", (string?)timed["metadata"]!["timestamp"]);
        Assert.NotEqual(
            (string?)JsonNode.Parse(Print(null))!["serialNumber"],
            (string?)timed["serialNumber"]
        );
    }

    private string Print(long? epoch)
    {
        string hash = Convert.ToBase64String(new byte[64]);
        File.WriteAllText(
            _sandbox.Path("project.assets.json"),
            $$"""
            { "targets": { "net10.0": {
                "A/1.0.0": { "type": "package", "dependencies": { "b": "2.0.0" }, "runtime": { "lib/net10.0/A.dll": {} } },
                "B/2.0.0": { "type": "package" } } },
              "libraries": {
                "A/1.0.0": { "type": "package", "path": "a/1.0.0", "sha512": "{{hash}}" },
                "B/2.0.0": { "type": "package", "path": "b/2.0.0", "sha512": "{{hash}}" } },
              "packageFolders": { "/nowhere": {} },
              "projectFileDependencyGroups": { "net10.0": [ "A >= 1.0.0" ] },
              "project": { "version": "3.0.0", "frameworks": { "net10.0": { "downloadDependencies": [ { "name": "T", "version": "[1.0.0, 1.0.0]" } ] } } } }
            """
        );
        return new BillOfMaterials
        {
            Name = "sample",
            Images = [_sandbox.Path("dist/sample.spt")],
            Assets = AssetsFile.Read(_sandbox.Path("project.assets.json")),
            Vendored = [],
            Tools = [new LockedPackage("T", "1.0.0", hash)],
            Found = new Dictionary<string, string>
            {
                ["clang"] = "clang 14",
                ["libc.a"] = "sha256:" + new string('0', 64),
            },
            Epoch = epoch,
        }.Print();
    }
}
