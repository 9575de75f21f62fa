using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Morgana.Configuration.Graph;

namespace Morgana.Configuration.Generation;

/// <summary>context.json: what the unikernel was configured for and from, so that a later command can tell whether it still holds.</summary>
internal sealed record SavedContext
{
    /// <summary>File name of the saved context.</summary>
    public const string FileName = "context.json";

    /// <summary>The head line; JSON has no comments.</summary>
    [JsonPropertyName("//")]
    public required string Head { get; init; }

    /// <summary>Version of the tool.</summary>
    public required string Tool { get; init; }

    public required string Name { get; init; }

    /// <summary>File name of the configuration, in the folder above.</summary>
    public required string Config { get; init; }

    /// <summary>The targets' names, the one that was named first first.</summary>
    public required string[] Targets { get; init; }

    /// <summary>Those of the targets that config.cs brings itself: with them no command need run it again.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Target[]? OwnTargets { get; init; }

    /// <summary>The architectures to build for, as .NET calls them.</summary>
    public required string[] Architectures { get; init; }

    /// <summary>The keys that the user gave, and their values.</summary>
    public required SortedDictionary<string, string> Given { get; init; }

    /// <summary>All keys and their values.</summary>
    public required SortedDictionary<string, string> Keys { get; init; }

    /// <summary>The files that the configuration was read from, relative to its folder, with their SHA-256.</summary>
    public required SortedDictionary<string, string> Inputs { get; init; }

    /// <summary>The files that were generated beside this one, with their SHA-256.</summary>
    public required SortedDictionary<string, string> Files { get; init; }

    public static SavedContext From(
        UnikernelGraph graph,
        KeyValues values,
        IEnumerable<string> given,
        string config,
        SortedDictionary<string, string> inputs,
        IReadOnlyDictionary<string, string> files,
        Architectures? architectures = null
    ) =>
        new()
        {
            Head = GeneratedFiles.Head(config),
            Tool = GeneratedFiles.ToolVersion,
            Name = graph.Name,
            Config = config,
            Targets = [.. values.Targets],
            OwnTargets = graph.TargetsOf(values).Intersect(graph.OwnTargets).ToArray()
                is { Length: > 0 } own
                ? own
                : null,
            Architectures = [.. (architectures ?? Generation.Architectures.Default).Names],
            Given = new(given.ToDictionary(k => k, k => values[k]), StringComparer.Ordinal),
            Keys = new(values.All.ToDictionary(), StringComparer.Ordinal),
            Inputs = inputs,
            Files = new(
                files.ToDictionary(f => f.Key, f => Hash(Encoding.UTF8.GetBytes(f.Value))),
                StringComparer.Ordinal
            ),
        };

    /// <summary>All that is known about the targets, in the order of <see cref="Targets"/>.</summary>
    /// <exception cref="JsonException">One of them is neither built in nor saved.</exception>
    public IReadOnlyList<Target> TargetValues() =>
        [
            .. Targets.Select(name =>
                Target.BuiltIn.Concat(OwnTargets ?? []).FirstOrDefault(t => t.Name == name)
                ?? throw new JsonException($"There is no target '{name}'.")
            ),
        ];

    /// <summary>The file names of the images that a build makes, in dist/.</summary>
    public IEnumerable<string> Images() =>
        ConfiguredGraph.ImagesOf(Name, TargetValues(), Architectures).Select(image => image.Image);

    /// <summary>SHA-256 in lower-case hexadecimal digits.</summary>
    public static string Hash(ReadOnlySpan<byte> content) =>
        Convert.ToHexStringLower(SHA256.HashData(content));

    /// <exception cref="JsonException">It is no saved context.</exception>
    public static SavedContext FromJson(string json) =>
        JsonSerializer.Deserialize(json, ContextJson.Default.SavedContext)
        ?? throw new JsonException("The saved context is empty.");

    public string ToJson() =>
        JsonSerializer.Serialize(this, ContextJson.Default.SavedContext) + "\n";
}

/// <summary>Compiled serialisers of the saved context.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(SavedContext))]
internal sealed partial class ContextJson : JsonSerializerContext;
