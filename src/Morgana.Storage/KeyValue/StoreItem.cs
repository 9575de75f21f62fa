namespace Morgana.Storage;

/// <summary>What a store says of one of its keys.</summary>
/// <param name="Name">The last part of the key, as in <c>site.css</c>; empty for the root.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Size">Bytes of the value; 0 for a folder.</param>
public readonly record struct StoreItem(string Name, StoreItemKind Kind, long Size);
