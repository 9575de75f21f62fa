using System.Numerics;

namespace Morgana.Runtime;

/// <summary>The checks that every <see cref="IBlockDevice"/> makes before it does anything.</summary>
public static class BlockRange
{
    /// <summary>Smallest size of a block.</summary>
    public const int SmallestBlock = 512;

    /// <summary>Largest size of a block.</summary>
    public const int LargestBlock = 32768;

    /// <summary>True for a power of two from <see cref="SmallestBlock"/> to <see cref="LargestBlock"/>.</summary>
    public static bool IsBlockSize(int size) =>
        size is >= SmallestBlock and <= LargestBlock && BitOperations.IsPow2(size);

    /// <summary>Refuses what does not lie on the device, block for block. Nothing can overflow.</summary>
    /// <param name="device">The device.</param>
    /// <param name="offset">Where the blocks begin, in bytes.</param>
    /// <param name="length">Their bytes; 0 is allowed anywhere on the device and moves nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does not.</exception>
    public static void Check(IBlockDevice device, long offset, int length)
    {
        ArgumentNullException.ThrowIfNull(device);
        // As a number without a sign a negative offset lies far behind any device.
        if ((ulong)offset > (ulong)device.Capacity || length > device.Capacity - offset)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset),
                $"The block device '{device.Name}' has {device.Capacity} bytes: {length} bytes at {offset} do not lie on it."
            );
        }

        int mask = device.BlockSize - 1;
        if (((int)offset & mask) != 0 || (length & mask) != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset),
                $"The block device '{device.Name}' has blocks of {device.BlockSize} bytes: {length} bytes at {offset} are no whole blocks."
            );
        }
    }
}
