using System.Text.Json.Serialization;

namespace Morgana.Build.Execution;

/// <summary>What an action was last made from, and what it made.</summary>
/// <param name="Key">The key.</param>
/// <param name="Outputs">The outputs with the hashes of their contents.</param>
/// <param name="Discovered">Full paths of what its program said that it has read besides its inputs.</param>
public sealed record ActionRecord(
    string Key,
    IReadOnlyDictionary<string, string> Outputs,
    IReadOnlyList<string>? Discovered = null
);

/// <summary>What <c>--explain</c> compares: an action's command and inputs as they were.</summary>
/// <param name="Program">The hash of the program's file.</param>
/// <param name="Command">See <see cref="Hashing.ActionKey.Command"/>.</param>
/// <param name="Inputs">The inputs with their hashes.</param>
public sealed record ActionDetails(
    string Program,
    IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Inputs
);

/// <summary>Compiled serialisers of the engine's records.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Dictionary<string, ActionRecord>))]
[JsonSerializable(typeof(ActionDetails))]
internal sealed partial class RecordJson : JsonSerializerContext;
