namespace Morgana.Runtime;

/// <summary>
/// A block device: a row of blocks of one size, which are read and written whole. Offsets and lengths are bytes and multiples of <see cref="BlockSize"/>;
/// several blocks may be moved at once. What has been written may be lost or be there, block for block and in any order, until
/// <see cref="FlushAsync"/> has ended (docs/storage.md says what each target makes of that).
/// </summary>
public interface IBlockDevice
{
    /// <summary>The device's name in the manifest (1 to 67 alphanumeric characters), or what tells it from others in messages.</summary>
    string Name { get; }

    /// <summary>Bytes of a block: a power of two from 512 to 32768.</summary>
    int BlockSize { get; }

    /// <summary>Bytes of the device: a multiple of <see cref="BlockSize"/>.</summary>
    long Capacity { get; }

    /// <summary>True when nothing can be written.</summary>
    bool IsReadOnly { get; }

    /// <summary>Reads blocks.</summary>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="destination">Where they go; its length says how many.</param>
    /// <param name="cancellation">Ends the call between blocks; some may have been read then.</param>
    /// <exception cref="ArgumentOutOfRangeException">Offset or length is no multiple of the block size, or reaches past the end.</exception>
    /// <exception cref="BlockDeviceException">The device failed.</exception>
    ValueTask ReadAsync(
        long offset,
        Memory<byte> destination,
        CancellationToken cancellation = default
    );

    /// <summary>Writes blocks.</summary>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="source">What is written; its length says how many.</param>
    /// <param name="cancellation">Ends the call between blocks; some may have been written then.</param>
    /// <exception cref="ArgumentOutOfRangeException">Offset or length is no multiple of the block size, or reaches past the end.</exception>
    /// <exception cref="BlockDeviceException">The device failed, or is read-only.</exception>
    ValueTask WriteAsync(
        long offset,
        ReadOnlyMemory<byte> source,
        CancellationToken cancellation = default
    );

    /// <summary>When it ends, all that was written before is on the device for good, as far as the target can say.</summary>
    /// <exception cref="BlockDeviceException">The device failed: what was written since the last flush may be lost.</exception>
    ValueTask FlushAsync(CancellationToken cancellation = default);
}
