using System.Text.Json;
using System.Text.Json.Serialization;

namespace Morgana.Workspace.Toolchains;

/// <summary>
/// Compiled reader of toolchain.json: a field that nobody knows is an error, comments are not. It gives an init-only property whose field is not
/// there null in place of its initial value, which is why those of <see cref="Toolchain"/> decide in their getters.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Skip,
    AllowTrailingCommas = true
)]
[JsonSerializable(typeof(Toolchain))]
internal sealed partial class ToolchainJson : JsonSerializerContext;
