namespace Morgana.Runtime;

/// <summary>
/// A block device of the tender's. Its calls do not return before the blocks are there, so all ends at once; only long ones are taken apart,
/// to let other work of the main loop in between and to notice that nobody waits any more.
/// </summary>
internal sealed class BindingsBlock(
    string name,
    ulong handle,
    int blockSize,
    long capacity,
    bool isReadOnly
) : IBlockDevice
{
    /// <summary>Bytes moved before others get their turn: some tens of microseconds from a host's page cache. A multiple of every block size.</summary>
    private const int Turn = 256 * 1024;

    public string Name => name;

    public int BlockSize => blockSize;

    public long Capacity => capacity;

    public bool IsReadOnly => isReadOnly;

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

        if (destination.Length > Turn)
        {
            return ReadInTurnsAsync(offset, destination, cancellation);
        }

        return Read(offset, destination.Span) ? default : Failed("Reading", offset);
    }

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

        if (isReadOnly)
        {
            return ValueTask.FromException(BlockDeviceException.ReadOnly(this));
        }

        if (source.Length > Turn)
        {
            return WriteInTurnsAsync(offset, source, cancellation);
        }

        return Write(offset, source.Span) ? default : Failed("Writing", offset);
    }

    public ValueTask FlushAsync(CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellation);
        }

        return Bindings.BlockFlush(handle) == Solo5Result.Ok
            ? default
            : ValueTask.FromException(
                new BlockDeviceException($"Flushing the block device '{name}' failed.")
            );
    }

    private async ValueTask ReadInTurnsAsync(
        long offset,
        Memory<byte> destination,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            Memory<byte> part = destination[..Math.Min(Turn, destination.Length)];
            if (!Read(offset, part.Span))
            {
                await Failed("Reading", offset).ConfigureAwait(false);
            }

            destination = destination[part.Length..];
            offset += part.Length;
            if (destination.Length == 0)
            {
                return;
            }

            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private async ValueTask WriteInTurnsAsync(
        long offset,
        ReadOnlyMemory<byte> source,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            ReadOnlyMemory<byte> part = source[..Math.Min(Turn, source.Length)];
            if (!Write(offset, part.Span))
            {
                await Failed("Writing", offset).ConfigureAwait(false);
            }

            source = source[part.Length..];
            offset += part.Length;
            if (source.Length == 0)
            {
                return;
            }

            await Task.Yield();
            cancellation.ThrowIfCancellationRequested();
        }
    }

    private unsafe bool Read(long offset, Span<byte> destination)
    {
        fixed (byte* blocks = destination)
        {
            return destination.Length == 0
                || Bindings.BlockRead(
                    handle,
                    (ulong)offset,
                    blocks,
                    (nuint)destination.Length,
                    (nuint)blockSize
                ) == Solo5Result.Ok;
        }
    }

    private unsafe bool Write(long offset, ReadOnlySpan<byte> source)
    {
        fixed (byte* blocks = source)
        {
            return source.Length == 0
                || Bindings.BlockWrite(
                    handle,
                    (ulong)offset,
                    blocks,
                    (nuint)source.Length,
                    (nuint)blockSize
                ) == Solo5Result.Ok;
        }
    }

    private ValueTask Failed(string what, long offset) =>
        ValueTask.FromException(
            new BlockDeviceException(
                $"{what} the block device '{name}' failed, at byte {offset} or after."
            )
        );
}
