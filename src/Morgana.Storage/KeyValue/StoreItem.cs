namespace Morgana.Storage;

/// <summary>What a store says of one of its keys.</summary>
/// <param name="Name">The last part of the key, as in <c>site.css</c>; empty for the root.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Bytes of the value; 0 for a folder.</param>
/// <param name="LastModified">When the value was changed last, in UTC; null for a folder, and where the store does not know.</param>
public readonly record struct StoreItem(
    string Name,
    StoreItemKind Kind,
    long Size,
    DateTimeOffset? LastModified = null
);
