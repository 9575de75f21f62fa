using System.Text.Json.Serialization;

namespace Morgana.Build.Caching;

/// <summary>What an action made: its outputs, in its order.</summary>
/// <param name="Outputs">The outputs.</param>
public sealed record CacheEntry(IReadOnlyList<CachedFile> Outputs);

/// <summary>A file that an action made.</summary>
/// <param name="Hash">SHA-256 of its contents, under which they are kept; empty for a file that was not made.</param>
/// <param name="Executable">Whether it may be executed.</param>
public sealed record CachedFile(string Hash, bool Executable);

/// <summary>Compiled serialisers of the cache.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CacheEntry))]
internal sealed partial class CacheJson : JsonSerializerContext;
