namespace Morgana.Storage.Tar;

/// <summary>A file of an archive for a stream.</summary>
internal sealed class TarValue(TarStore store, TarEntry entry) : IValueSource
{
    public long Length => entry.Size;

    public ValueTask<int> ReadAsync(
        long offset,
        Memory<byte> destination,
        CancellationToken cancellation
    ) => store.ReadAsync(entry, offset, destination, cancellation);

    public void Release() { }
}
