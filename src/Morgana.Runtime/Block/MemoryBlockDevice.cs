namespace Morgana.Runtime;

/// <summary>A block device in memory, for tests and for what need not outlive the program.</summary>
/// <param name="content">Its bytes: a multiple of the block size.</param>
/// <param name="blockSize">Bytes of a block: a power of two from 512 to 32768.</param>
/// <param name="name">What tells it from others in messages.</param>
public sealed class MemoryBlockDevice(
    Memory<byte> content,
    int blockSize = BlockRange.SmallestBlock,
    string name = "memory"
) : IBlockDevice
{
    private readonly Memory<byte> _content =
        BlockRange.IsBlockSize(blockSize) && content.Length % blockSize == 0
            ? content
            : throw new ArgumentOutOfRangeException(
                nameof(blockSize),
                $"{content.Length} bytes are no whole blocks of {blockSize} bytes; a block has 512 to 32768 bytes, a power of two."
            );

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public int BlockSize => blockSize;

    /// <inheritdoc/>
    public long Capacity => _content.Length;

    /// <inheritdoc/>
    public bool IsReadOnly { get; init; }

    /// <inheritdoc/>
    public ValueTask ReadAsync(
        long offset,
        Memory<byte> destination,
        CancellationToken cancellation = default
    )
    {
        BlockRange.Check(this, offset, destination.Length);
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellation);
        }

        _content.Span.Slice((int)offset, destination.Length).CopyTo(destination.Span);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(
        long offset,
        ReadOnlyMemory<byte> source,
        CancellationToken cancellation = default
    )
    {
        BlockRange.Check(this, offset, source.Length);
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellation);
        }

        if (IsReadOnly)
        {
            return ValueTask.FromException(BlockDeviceException.ReadOnly(this));
        }

        source.Span.CopyTo(_content.Span[(int)offset..]);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellation = default) =>
        cancellation.IsCancellationRequested ? ValueTask.FromCanceled(cancellation) : default;
}
