using Morgana.Elf;

namespace Morgana.Tender.Linux;

/// <summary>An ELF file behind a descriptor, which stays open for the stub.</summary>
/// <param name="name">What messages call it.</param>
/// <param name="descriptor">The descriptor.</param>
/// <param name="length">The file's length in bytes.</param>
internal sealed unsafe class DescriptorElfSource(string name, int descriptor, long length)
    : ElfSource
{
    /// <summary>The descriptor.</summary>
    public int Descriptor => descriptor;

    public override string Name => name;

    public override long Length => length;

    /// <summary>Opens an image.</summary>
    /// <exception cref="TenderException">It cannot be opened, or is no file.</exception>
    public static DescriptorElfSource Open(string path)
    {
        int descriptor = LinuxFile.Open(path, LinuxCalls.OpenReadOnly);
        if (descriptor < 0)
        {
            throw new TenderException($"{path}: Could not open: {LinuxError.LastText}");
        }

        long length = LinuxCalls.Seek(descriptor, 0, LinuxCalls.SeekEnd);
        return length >= 0
            ? new DescriptorElfSource(path, descriptor, length)
            : throw new TenderException(
                $"{path}: not a file: {LinuxError.LastText}; give the path of an image"
            );
    }

    protected override int Read(long offset, Span<byte> destination)
    {
        int total = 0;
        fixed (byte* to = destination)
        {
            while (total < destination.Length)
            {
                nint count = LinuxCalls.Pread(
                    descriptor,
                    to + total,
                    (nuint)(destination.Length - total),
                    offset + total
                );
                if (count > 0)
                {
                    total += (int)count;
                }
                else if (count == 0 || LinuxError.Last != LinuxError.Interrupted)
                {
                    break;
                }
            }
        }

        return total;
    }
}
