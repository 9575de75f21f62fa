using System.Buffers.Binary;
using Morgana.Elf;

namespace Morgana.Cli.Images.Disk;

/// <summary>An image as it lies in memory.</summary>
/// <param name="Address">Where it begins.</param>
/// <param name="Bytes">What is not zero at the start, in one piece.</param>
/// <param name="MemoryEnd">Where the zeros behind it end.</param>
/// <param name="Entry">Where PVH enters it, in 32-bit mode.</param>
internal sealed record LoadedImage(uint Address, byte[] Bytes, uint MemoryEnd, uint Entry)
{
    /// <summary>The type of Xen's note with the entry, XEN_ELFNOTE_PHYS32_ENTRY.</summary>
    private const uint EntryNote = 18;

    // An image of a unikernel is a few megabytes: more than this is a broken file.
    private const ulong Largest = 256 << 20;
    private const ulong Lowest = 1 << 20;

    /// <summary>Reads what a loader would load.</summary>
    /// <exception cref="ElfException">A segment lies outside of the file, or of what a disk's loader reaches.</exception>
    public static LoadedImage Read(ElfFile file)
    {
        byte[]? entry = file.FindNote("Xen"u8, EntryNote);
        if (entry is not { Length: 4 or 8 })
        {
            throw new ElfException($"{file.Source.Name}: it has no entry for PVH");
        }

        ulong start = ulong.MaxValue;
        ulong end = 0;
        ulong memoryEnd = 0;
        foreach (ref readonly ElfSegment segment in file.Segments)
        {
            if (segment.Type != ElfSegmentType.Load || segment.MemorySize == 0)
            {
                continue;
            }

            if (
                segment.Address < Lowest
                || segment.MemorySize > Largest
                || segment.FileSize > segment.MemorySize
                || segment.Address > Largest
            )
            {
                throw new ElfException(
                    $"{file.Source.Name}: program header {segment.Index}: it lies at 0x{segment.Address:x} with {segment.MemorySize} bytes, not between 1 and {Largest >> 20} MiB"
                );
            }

            start = Math.Min(start, segment.Address);
            end = Math.Max(end, segment.Address + segment.FileSize);
            memoryEnd = Math.Max(memoryEnd, segment.Address + segment.MemorySize);
        }

        if (end <= start)
        {
            throw new ElfException($"{file.Source.Name}: there is nothing to load in it");
        }

        byte[] bytes = new byte[end - start];
        foreach (ref readonly ElfSegment segment in file.Segments)
        {
            if (segment.Type == ElfSegmentType.Load && segment.FileSize > 0)
            {
                file.Source.ReadExactly(
                    segment.Offset,
                    bytes.AsSpan((int)(segment.Address - start), (int)segment.FileSize),
                    "a segment"
                );
            }
        }

        uint at = BinaryPrimitives.ReadUInt32LittleEndian(entry);
        return at >= start && at < end
            ? new LoadedImage((uint)start, bytes, (uint)memoryEnd, at)
            : throw new ElfException(
                $"{file.Source.Name}: its entry for PVH, 0x{at:x}, lies outside of it"
            );
    }
}
