using System.Buffers.Binary;

namespace Morgana.Elf;

/// <summary>
/// Writes a small executable: header, program headers, and the segments' bytes. Nothing is checked, so that tests can write
/// wrong images as well as right ones.
/// </summary>
/// <param name="machine">The architecture.</param>
/// <param name="entry">The entry point.</param>
public sealed class ElfImageWriter(ElfMachine machine, ulong entry)
{
    private const ulong PageSize = 4096;
    private readonly List<(ElfSegment Header, byte[] Content)> _segments = [];

    /// <summary>What kind of file the header names.</summary>
    public ElfFileType Type { get; set; } = ElfFileType.Executable;

    /// <summary>Adds a segment to be mapped.</summary>
    /// <param name="flags">Its permissions.</param>
    /// <param name="address">Its address.</param>
    /// <param name="content">Its bytes in the file.</param>
    /// <param name="memorySize">Its bytes in memory; null: as many as in the file.</param>
    /// <param name="alignment">Its alignment in bytes.</param>
    public ElfImageWriter Load(
        ElfSegmentFlags flags,
        ulong address,
        byte[] content,
        ulong? memorySize = null,
        ulong alignment = PageSize
    )
    {
        ArgumentNullException.ThrowIfNull(content);
        ulong size = (ulong)content.Length;
        _segments.Add(
            (
                new(0, ElfSegmentType.Load, flags, 0, address, size, memorySize ?? size, alignment),
                content
            )
        );
        return this;
    }

    /// <summary>Adds a note in a segment of its own.</summary>
    /// <param name="name">The owner.</param>
    /// <param name="type">The type.</param>
    /// <param name="descriptor">The content.</param>
    public ElfImageWriter Note(string name, uint type, ReadOnlySpan<byte> descriptor) =>
        RawNote(ElfNoteWriter.Write(name, type, descriptor));

    /// <summary>Adds a note segment with these bytes, whatever they are.</summary>
    /// <param name="content">The bytes.</param>
    public ElfImageWriter RawNote(byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        ulong size = (ulong)content.Length;
        _segments.Add(
            (new(0, ElfSegmentType.Note, ElfSegmentFlags.Read, 0, 0, size, size, 4), content)
        );
        return this;
    }

    /// <summary>Writes the file.</summary>
    public byte[] Write()
    {
        ulong end = ElfFile.HeaderSize + (ulong)_segments.Count * ElfFile.SegmentHeaderSize;
        var offsets = new ulong[_segments.Count];
        for (int i = 0; i < offsets.Length; i++)
        {
            ElfSegment header = _segments[i].Header;

            // A segment's place in the file and its address are the same within a page, as for any ELF loader.
            ulong within = header.Type == ElfSegmentType.Load ? header.Address % PageSize : 0;
            ulong unit = header.Type == ElfSegmentType.Load ? PageSize : 8;
            offsets[i] = end + unit - 1 - (end + unit - 1) % unit + within;
            end = offsets[i] + header.FileSize;
        }

        byte[] bytes = new byte[end];
        ElfHeaderWriter.Write(bytes, Type, machine, entry);
        ElfHeaderWriter.WriteSegmentTable(bytes, ElfFile.HeaderSize, _segments.Count);
        for (int i = 0; i < offsets.Length; i++)
        {
            (ElfSegment header, byte[] content) = _segments[i];
            Span<byte> entryBytes = bytes.AsSpan(
                ElfFile.HeaderSize + i * ElfFile.SegmentHeaderSize
            );
            BinaryPrimitives.WriteUInt32LittleEndian(entryBytes, (uint)header.Type);
            BinaryPrimitives.WriteUInt32LittleEndian(entryBytes[4..], (uint)header.Flags);
            BinaryPrimitives.WriteUInt64LittleEndian(entryBytes[8..], offsets[i]);
            BinaryPrimitives.WriteUInt64LittleEndian(entryBytes[16..], header.Address);
            BinaryPrimitives.WriteUInt64LittleEndian(entryBytes[24..], header.Address);
            BinaryPrimitives.WriteUInt64LittleEndian(entryBytes[32..], header.FileSize);
            BinaryPrimitives.WriteUInt64LittleEndian(entryBytes[40..], header.MemorySize);
            BinaryPrimitives.WriteUInt64LittleEndian(entryBytes[48..], header.Alignment);
            content.CopyTo(bytes.AsSpan((int)offsets[i]));
        }

        return bytes;
    }
}
