namespace Morgana.Storage.CopyOnWrite;

/// <summary>A value that stays on the disk until nobody reads it any more.</summary>
internal sealed class PinnedValue(ValueReader values, ValueEntry entry, ReadPin pin) : IValueSource
{
    public long Length => entry.Size;

    public ValueTask<int> ReadAsync(
        long offset,
        Memory<byte> destination,
        CancellationToken cancellation
    ) => values.ReadAsync(entry, offset, destination, cancellation);

    public void Release() => pin.Dispose();
}
