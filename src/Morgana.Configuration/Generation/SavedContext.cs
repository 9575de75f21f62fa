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

    public required string Target { get; init; }

    /// <summary>The architectures to build for, as .NET calls them; null for x64 alone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string[]? Architectures { get; init; }

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
            Target = values["target"],
            Architectures = architectures is null or { IsDefault: true }
                ? null
                : [.. architectures.Names],
            Given = new(given.ToDictionary(k => k, k => values[k]), StringComparer.Ordinal),
            Keys = new(values.All.ToDictionary(), StringComparer.Ordinal),
            Inputs = inputs,
            Files = new(
                files.ToDictionary(f => f.Key, f => Hash(Encoding.UTF8.GetBytes(f.Value))),
                StringComparer.Ordinal
            ),
        };

    /// <summary>The file names of the images that a build makes, in dist/.</summary>
    public IEnumerable<string> Images() =>
        (
            Architectures is null
                ? Generation.Architectures.Default
                : Generation.Architectures.Parse(string.Join(',', Architectures))
        ).Images(Name, Target);

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
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase
)]
[JsonSerializable(typeof(SavedContext))]
internal sealed partial class ContextJson : JsonSerializerContext;
