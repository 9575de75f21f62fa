using System.Globalization;
using Morgana.Tender.Linux;

namespace Morgana.Tender.Devices;

/// <summary>A block device backed by a file or a device of the host.</summary>
internal static class BlockDevice
{
    private const ushort DefaultBlockSize = 512;

    /// <summary>Opens the backing file.</summary>
    /// <param name="name">The device's name.</param>
    /// <param name="handle">Its index in the manifest.</param>
    /// <param name="path">The file.</param>
    /// <param name="blockSize">The value of <c>--block-sector-size</c>, or null.</param>
    /// <exception cref="TenderException">It cannot be used.</exception>
    public static AttachedDevice Attach(string name, int handle, string path, string? blockSize)
    {
        ushort size = ReadBlockSize(name, blockSize);
        int descriptor = LinuxFile.Open(path, LinuxCalls.OpenReadWrite);
        if (descriptor < 0)
        {
            throw new TenderException(
                $"--block:{name}: Could not open block device: {path}: {LinuxError.LastText}; give a file or device that this user may read and write"
            );
        }

        long capacity = LinuxCalls.Seek(descriptor, 0, LinuxCalls.SeekEnd);
        if (capacity < 0)
        {
            throw new TenderException(
                $"--block:{name}: {path}: Could not determine capacity: {LinuxError.LastText}; give a file or a block device"
            );
        }

        if (capacity % size != 0)
        {
            throw new TenderException(
                $"--block:{name}: {path}: Backing storage size must be block aligned ({size} bytes), but it has {capacity} bytes; resize it, or choose another --block-sector-size"
            );
        }

        if (capacity < size)
        {
            throw new TenderException(
                $"--block:{name}: {path}: Backing storage must be at least 1 block ({size} bytes) in size; it is empty"
            );
        }

        return new AttachedDevice
        {
            Name = name,
            Handle = handle,
            Descriptor = descriptor,
            Block = new BlockGeometry((ulong)capacity, size),
        };
    }

    private static ushort ReadBlockSize(string name, string? text)
    {
        if (text is null)
        {
            return DefaultBlockSize;
        }

        return
            ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort size)
            && size >= 512
            && ushort.IsPow2(size)
            ? size
            : throw new TenderException(
                $"--block-sector-size:{name}: Block size must be a multiple of 2 greater than or equal 512, not '{text}'; give a power of two from 512 to 32768"
            );
    }
}
