using Morgana.Runtime;

namespace Morgana.Cli.Images.Stores;

/// <summary>The file that is being made as a disk. It is put in its place when it is done, so flushing is nobody's concern before.</summary>
internal sealed class StreamBlockDevice(FileStream stream) : IBlockDevice
{
    public string Name => Path.GetFileName(stream.Name);

    public int BlockSize => BlockRange.SmallestBlock;

    public long Capacity { get; } = stream.Length;

    public bool IsReadOnly => false;

    public async ValueTask ReadAsync(
        long offset,
        Memory<byte> destination,
        CancellationToken cancellation = default
    )
    {
        BlockRange.Check(this, offset, destination.Length);
        stream.Position = offset;
        await stream.ReadExactlyAsync(destination, cancellation).ConfigureAwait(false);
    }

    public ValueTask WriteAsync(
        long offset,
        ReadOnlyMemory<byte> source,
        CancellationToken cancellation = default
    )
    {
        BlockRange.Check(this, offset, source.Length);
        stream.Position = offset;
        return stream.WriteAsync(source, cancellation);
    }

    public ValueTask FlushAsync(CancellationToken cancellation = default) => default;
}
