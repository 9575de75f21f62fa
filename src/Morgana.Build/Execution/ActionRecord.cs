using System.Text.Json.Serialization;
using Morgana.Build.Plans;

namespace Morgana.Build.Execution;

/// <summary>What an action was last made from, and what it made.</summary>
/// <param name="Key">The key.</param>
/// <param name="Program">The hash of the program's file.</param>
/// <param name="Command">See <see cref="Hashing.ActionKey.Command"/>.</param>
/// <param name="Inputs">The inputs with the hashes that they had when the action read them.</param>
/// <param name="Outputs">The outputs with the hashes of their contents.</param>
/// <param name="Discovered">Full paths of what its program said that it has read besides its inputs, and of where it looked in vain.</param>
public sealed record ActionRecord(
    string Key,
    string Program,
    IReadOnlyList<string> Command,
    IReadOnlyDictionary<string, string> Inputs,
    IReadOnlyDictionary<string, string> Outputs,
    IReadOnlyList<string>? Discovered = null
)
{
    /// <summary>Whether nothing of it is missing, as it can be when it was read from a file.</summary>
    internal bool IsWhole() =>
        Key is not null
        && Program is not null
        && Command?.All(word => word is not null) == true
        && Inputs?.All(input => input.Value is not null) == true
        && Outputs?.All(output => output.Value is not null) == true
        && Discovered?.All(path => path is not null) != false;
}

/// <summary>Compiled serialisers of the engine's records.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(ActionRecord))]
[JsonSerializable(typeof(BuildAction))]
internal sealed partial class RecordJson : JsonSerializerContext;
