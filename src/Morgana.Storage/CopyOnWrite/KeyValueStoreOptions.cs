namespace Morgana.Storage;

/// <summary>Limits of a <see cref="KeyValueStore"/> in memory, and what it does with an empty disk.</summary>
public sealed record KeyValueStoreOptions
{
    /// <summary>Pages of the tree that are kept in memory (4 KiB each as a rule): 8 to 65536.</summary>
    public int CachedPages { get; init; } = 64;

    /// <summary>The most changes of one batch: each takes some hundred bytes of memory until it is committed.</summary>
    public int MostChanges { get; init; } = 4096;

    /// <summary>The largest value in bytes. While one is written, the places of its pieces are in memory: 16 bytes for each 64 KiB.</summary>
    public long MostValueBytes { get; init; } = 1L << 32;

    /// <summary>Whether a disk that begins with nothing but zeros becomes an empty store when it is opened.</summary>
    public bool FormatsEmptyDisks { get; init; } = true;
}
