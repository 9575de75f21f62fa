using System.Buffers.Binary;
using Morgana.Elf;
using Morgana.Tender.Loading;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>A core file but for its memory: an ELF header, program headers, notes; memory follows on the next page (ELF gABI, chapter 5).</summary>
internal sealed class CoreLayout
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const ulong PageSize = 4096;
    private const ushort CoreType = 4; // ET_CORE
    private const uint LoadType = 1; // PT_LOAD
    private const uint NoteType = 4; // PT_NOTE

    /// <summary>Lays a core file out.</summary>
    public CoreLayout(ElfMachine machine, IReadOnlyList<CoreSegment> segments, byte[] notes)
    {
        Segments = segments;
        int notesAt = HeaderSize + ProgramHeaderSize * (segments.Count + 1);
        MemoryOffset = (ulong)(notesAt + notes.Length) + PageSize - 1 & ~(PageSize - 1);
        Head = new byte[notesAt + notes.Length];
        WriteHeader(machine, segments.Count + 1);
        WriteProgramHeader(0, NoteType, 4, (ulong)notesAt, 0, (ulong)notes.Length, 4);
        ulong offset = MemoryOffset;
        for (int i = 0; i < segments.Count; i++)
        {
            CoreSegment segment = segments[i];
            WriteProgramHeader(
                i + 1,
                LoadType,
                (uint)segment.Flags,
                offset,
                segment.Address,
                segment.Size,
                PageSize
            );
            offset += segment.Size;
        }

        FileSize = offset;
        notes.CopyTo(Head.AsSpan(notesAt));
    }

    /// <summary>The ranges of memory, whose bytes lie one behind the other from <see cref="MemoryOffset"/>.</summary>
    public IReadOnlyList<CoreSegment> Segments { get; }

    /// <summary>The file's first bytes.</summary>
    public byte[] Head { get; }

    /// <summary>Where memory begins in the file.</summary>
    public ulong MemoryOffset { get; }

    /// <summary>The file's size.</summary>
    public ulong FileSize { get; }

    /// <summary>
    /// The ranges of a guest's memory: its image's segments and what lies between them. The first page is left out: no guest
    /// has something there, and a null pointer is to look like one.
    /// </summary>
    public static List<CoreSegment> Ranges(IReadOnlyList<GuestSegment> image, ulong memorySize)
    {
        const ElfSegmentFlags Data = ElfSegmentFlags.Read | ElfSegmentFlags.Write;
        List<CoreSegment> ranges = [];
        ulong at = PageSize;
        foreach (GuestSegment segment in image)
        {
            if (segment.Start > at)
            {
                ranges.Add(new(at, segment.Start - at, Data));
            }

            ranges.Add(new(segment.Start, segment.End - segment.Start, segment.Flags));
            at = segment.End;
        }

        if (memorySize > at)
        {
            ranges.Add(new(at, memorySize - at, Data));
        }

        return ranges;
    }

    private void WriteHeader(ElfMachine machine, int programHeaders)
    {
        Span<byte> header = Head;

        // 64 bits, little endian, version 1, System V.
        ReadOnlySpan<byte> identification = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0];
        identification.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[16..], CoreType);
        BinaryPrimitives.WriteUInt16LittleEndian(header[18..], (ushort)machine);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[52..], HeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[54..], ProgramHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(header[56..], (ushort)programHeaders);
    }

    private void WriteProgramHeader(
        int index,
        uint type,
        uint flags,
        ulong offset,
        ulong address,
        ulong size,
        ulong alignment
    )
    {
        Span<byte> header = Head.AsSpan(HeaderSize + ProgramHeaderSize * index, ProgramHeaderSize);
        BinaryPrimitives.WriteUInt32LittleEndian(header, type);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], flags);
        BinaryPrimitives.WriteUInt64LittleEndian(header[8..], offset);
        BinaryPrimitives.WriteUInt64LittleEndian(header[16..], address);
        BinaryPrimitives.WriteUInt64LittleEndian(header[24..], address);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], size);
        BinaryPrimitives.WriteUInt64LittleEndian(header[40..], type == LoadType ? size : 0);
        BinaryPrimitives.WriteUInt64LittleEndian(header[48..], alignment);
    }
}
