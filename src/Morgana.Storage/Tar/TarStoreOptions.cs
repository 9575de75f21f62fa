namespace Morgana.Storage;

/// <summary>Limits of a <see cref="TarStore"/>: its index is in memory.</summary>
public sealed record TarStoreOptions
{
    /// <summary>The most files.</summary>
    public int MostFiles { get; init; } = 100_000;

    /// <summary>The most bytes that their names take in memory.</summary>
    public long MostNameBytes { get; init; } = 16 << 20;
}
