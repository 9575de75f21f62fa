using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Morgana.Cli.Needs.Packages;
using Morgana.Cli.Needs.Vendoring;
using Morgana.Cli.Output;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Needs.Bom;

/// <summary>
/// What is in a unikernel's images and what built them, as a CycloneDX 1.6 document. The same unikernel gives the same bytes:
/// the serial number is made from the content, and there is no time in it unless SOURCE_DATE_EPOCH says one.
/// </summary>
internal sealed class BillOfMaterials
{
    private readonly Dictionary<string, JsonObject> _components = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SortedSet<string>> _needs = new(
        StringComparer.Ordinal
    );

    /// <summary>Name of the unikernel.</summary>
    public required string Name { get; init; }

    /// <summary>Full paths of its images, which need not be there.</summary>
    public required IReadOnlyList<string> Images { get; init; }

    /// <summary>What NuGet decided, for packages alone.</summary>
    public required AssetsFile Assets { get; init; }

    /// <summary>Packages whose sources take their place, and whether they have been edited.</summary>
    public required IReadOnlyList<(VendoredPackage Package, bool IsEdited)> Vendored { get; init; }

    /// <summary>Packages that the build fetches apart; those with the run-time libraries are in the image.</summary>
    public required IReadOnlyList<Locks.LockedPackage> Tools { get; init; }

    /// <summary>Programs and libraries of the host that take part.</summary>
    public required IReadOnlyDictionary<string, string> Found { get; init; }

    /// <summary>Seconds since 1970 to put into the document; null for no time at all.</summary>
    public long? Epoch { get; init; }

    /// <summary>The document.</summary>
    public string Print()
    {
        string root = "unikernel:" + Name;
        _needs[root] = [];
        foreach (Library library in Assets.Libraries)
        {
            Add(library);
        }

        foreach (string id in Assets.Direct)
        {
            if (Assets.Libraries.FirstOrDefault(l => Same(l.Id, id)) is { } library)
            {
                _needs[root].Add(Reference(library.Id, library.Version));
            }
        }

        AddTools(root);
        JsonObject document = new()
        {
            ["$schema"] = "http://cyclonedx.org/schema/bom-1.6.schema.json",
            ["bomFormat"] = "CycloneDX",
            ["specVersion"] = "1.6",
            ["version"] = 1,
            ["metadata"] = Metadata(root),
            ["components"] = new JsonArray([
                .. _components.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Value),
            ]),
            ["dependencies"] = new JsonArray([
                .. _needs.Select(n => new JsonObject
                {
                    ["ref"] = n.Key,
                    ["dependsOn"] = new JsonArray([.. n.Value.Select(v => (JsonNode)v)]),
                }),
            ]),
        };
        // A name for this very content, so that two documents with one number are one.
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(document.ToJsonString()));
        hash[6] = (byte)((hash[6] & 0x0f) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        document.Insert(
            3,
            "serialNumber",
            $"urn:uuid:{new Guid(hash.AsSpan(0, 16), bigEndian: true):D}"
        );
        return document.ToJsonString(JsonOutput.Indented) + "\n";
    }

    private JsonObject Metadata(string root)
    {
        JsonObject component = new()
        {
            ["type"] = "application",
            ["bom-ref"] = root,
            ["name"] = Name,
            ["version"] = Assets.ProjectVersion,
            ["description"] = "A unikernel; its images are the components within.",
            ["components"] = new JsonArray([
                .. Images
                    .Order(StringComparer.Ordinal)
                    .Select(image =>
                    {
                        JsonObject part = new()
                        {
                            ["type"] = "firmware",
                            ["bom-ref"] = "image:" + Path.GetFileName(image),
                            ["name"] = Path.GetFileName(image),
                        };
                        if (File.Exists(image))
                        {
                            byte[] content = File.ReadAllBytes(image);
                            part["hashes"] = new JsonArray(
                                HashOf("SHA-256", SHA256.HashData(content)),
                                HashOf("SHA-512", SHA512.HashData(content))
                            );
                        }

                        return part;
                    }),
            ]),
        };
        JsonObject metadata = [];
        if (Epoch is { } seconds)
        {
            metadata["timestamp"] = DateTimeOffset
                .FromUnixTimeSeconds(seconds)
                .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        metadata["tools"] = new JsonObject
        {
            ["components"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "application",
                    ["name"] = "morgana",
                    ["version"] = GeneratedFiles.ToolVersion,
                }
            ),
        };
        metadata["component"] = component;
        return metadata;
    }

    private void Add(Library library)
    {
        string reference = Reference(library.Id, library.Version);
        JsonObject component = library.IsProject
            ? new JsonObject
            {
                ["type"] = "library",
                ["bom-ref"] = reference,
                ["name"] = library.Id,
                ["version"] = library.Version,
                ["scope"] = "required",
                ["purl"] = reference,
                ["properties"] = Properties(("morgana:source", "project")),
            }
            : PackageComponent(
                library.Id,
                library.Version,
                library.ContentHash,
                "library",
                "required"
            );
        if (
            Vendored.FirstOrDefault(v => Same(v.Package.Id, library.Id)) is
            { Package: { } package } vendored
        )
        {
            component["pedigree"] = new JsonObject
            {
                ["notes"] =
                    $"Compiled from its sources in {VendorFolder.Name}/{package.Id} ({package.Source}{(package.Commit.Length > 0 ? ", commit " + package.Commit : "")})"
                    + (vendored.IsEdited ? ", which have been edited." : ", as they came."),
            };
        }

        _components[reference] = component;
        _needs[reference] = [];
        foreach (string id in library.Dependencies.Keys)
        {
            if (Assets.Libraries.FirstOrDefault(l => Same(l.Id, id)) is { } needed)
            {
                _needs[reference].Add(Reference(needed.Id, needed.Version));
            }
        }
    }

    /// <summary>What the build brings: the run-time libraries, which are linked in, and the tools, which are not.</summary>
    private void AddTools(string root)
    {
        foreach (Locks.LockedPackage tool in Tools)
        {
            bool linked = tool.Id.Contains(
                ".Runtime.NativeAOT.",
                StringComparison.OrdinalIgnoreCase
            );
            // Morgana's SDK holds the layer of C under the image.
            bool native = Same(tool.Id, "Morgana.Sdk");
            string reference = Reference(tool.Id, tool.Version);
            _components[reference] = PackageComponent(
                tool.Id,
                tool.Version,
                tool.ContentHash,
                linked ? "framework"
                    : native ? "library"
                    : "application",
                linked || native ? "required" : "excluded"
            );
            _needs[reference] = [];
            if (linked || native)
            {
                _needs[root].Add(reference);
            }
        }

        foreach ((string name, string version) in Found)
        {
            bool isFile = version.StartsWith("sha256:", StringComparison.Ordinal);
            string reference = "host:" + name.Replace(' ', '-');
            JsonObject component = new()
            {
                ["type"] = isFile ? "library" : "application",
                ["bom-ref"] = reference,
                ["name"] = name,
                ["scope"] = isFile ? "required" : "excluded",
            };
            if (isFile)
            {
                component["hashes"] = new JsonArray(
                    HashOf("SHA-256", Convert.FromHexString(version["sha256:".Length..]))
                );
                _needs[root].Add(reference);
            }
            else
            {
                component["version"] = version;
            }

            _components[reference] = component;
            _needs[reference] = [];
        }
    }

    private JsonObject PackageComponent(
        string id,
        string version,
        string contentHash,
        string type,
        string scope
    )
    {
        string reference = Reference(id, version);
        JsonObject component = new()
        {
            ["type"] = type,
            ["bom-ref"] = reference,
            ["name"] = id,
            ["version"] = version,
            ["scope"] = scope,
        };
        PackageDescription description = InstalledPackage.Find(Assets.PackageFolders, id, version)
            is { } installed
            ? PackageDescription.Read(installed)
            : new PackageDescription();
        if (description.Authors.Length > 0)
        {
            component["authors"] = new JsonArray(new JsonObject { ["name"] = description.Authors });
        }

        if (contentHash.Length > 0)
        {
            component["hashes"] = new JsonArray(
                HashOf("SHA-512", Convert.FromBase64String(contentHash))
            );
        }

        if (Licence(description) is { } licence)
        {
            component["licenses"] = new JsonArray(licence);
        }

        component["purl"] = reference;
        if (description.Repository.Length > 0)
        {
            JsonObject repository = new() { ["type"] = "vcs", ["url"] = description.Repository };
            if (description.Commit.Length > 0)
            {
                repository["comment"] = "commit " + description.Commit;
            }

            component["externalReferences"] = new JsonArray(repository);
        }

        return component;
    }

    private static JsonObject? Licence(PackageDescription description) =>
        description.LicenceExpression switch
        {
            // A list of known identifiers is part of the schema; an expression may hold any.
            { Length: > 0 } expression => new JsonObject { ["expression"] = expression },
            _ when description.LicenceAddress.Length > 0 => new JsonObject
            {
                ["license"] = new JsonObject
                {
                    ["name"] = "see its address",
                    ["url"] = description.LicenceAddress,
                },
            },
            _ when description.LicenceFile.Length > 0 => new JsonObject
            {
                ["license"] = new JsonObject
                {
                    ["name"] = $"{description.LicenceFile} in the package",
                },
            },
            _ => null,
        };

    private static JsonObject HashOf(string algorithm, byte[] hash) =>
        new() { ["alg"] = algorithm, ["content"] = Convert.ToHexStringLower(hash) };

    private static JsonArray Properties(params (string Name, string Value)[] properties) =>
        new([
            .. properties.Select(p =>
                (JsonNode)new JsonObject { ["name"] = p.Name, ["value"] = p.Value }
            ),
        ]);

    /// <summary>The package URL, which also serves as the name within the document.</summary>
    private static string Reference(string id, string version) =>
        $"pkg:nuget/{Uri.EscapeDataString(id)}@{Uri.EscapeDataString(version)}";

    private static bool Same(string left, string right) =>
        left.Equals(right, StringComparison.OrdinalIgnoreCase);
}
