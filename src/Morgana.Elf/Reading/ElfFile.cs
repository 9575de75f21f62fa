using System.Buffers.Binary;
using System.Text;

namespace Morgana.Elf;

/// <summary>
/// An ELF64 little-endian file: header and program headers, read at once; notes, sections and symbols, read when asked for.
/// Source: System V ABI, chapters 4 and 5; <c>elf(5)</c>.
/// </summary>
public sealed class ElfFile
{
    internal const int HeaderSize = 64;
    internal const int SegmentHeaderSize = 56;
    internal const int SectionHeaderSize = 64;
    internal const int SymbolSize = 24;

    // The longest Solo5 note has less than 7 KiB; what is longer is not worth reading into memory on a stranger's word.
    private const int LargestNoteSegment = 64 * 1024;

    // Far above what a linker writes (a section for each function of a large program), far below what could exhaust memory.
    private const ulong MostSections = 1 << 20;
    private const ulong LargestTable = 1 << 29;

    private readonly ElfSegment[] _segments;
    private readonly ulong _sectionOffset;
    private readonly ushort _sectionEntrySize;
    private readonly ushort _sectionCount;
    private readonly ushort _sectionNames;

    private ElfFile(ElfSource source, ReadOnlySpan<byte> header, ElfSegment[] segments)
    {
        Source = source;
        Type = (ElfFileType)BinaryPrimitives.ReadUInt16LittleEndian(header[16..]);
        Machine = (ElfMachine)BinaryPrimitives.ReadUInt16LittleEndian(header[18..]);
        Entry = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
        _sectionOffset = BinaryPrimitives.ReadUInt64LittleEndian(header[40..]);
        _sectionEntrySize = BinaryPrimitives.ReadUInt16LittleEndian(header[58..]);
        _sectionCount = BinaryPrimitives.ReadUInt16LittleEndian(header[60..]);
        _sectionNames = BinaryPrimitives.ReadUInt16LittleEndian(header[62..]);
        _segments = segments;
    }

    /// <summary>Where the bytes come from.</summary>
    public ElfSource Source { get; }

    /// <summary><c>e_type</c>.</summary>
    public ElfFileType Type { get; }

    /// <summary><c>e_machine</c>.</summary>
    public ElfMachine Machine { get; }

    /// <summary><c>e_entry</c>, the address of the first instruction; not checked.</summary>
    public ulong Entry { get; }

    /// <summary>The program headers in the file's order.</summary>
    public ReadOnlySpan<ElfSegment> Segments => _segments;

    /// <summary>Reads and checks the header, and reads the program headers.</summary>
    /// <param name="source">The file.</param>
    /// <exception cref="ElfException">It is not an ELF64 little-endian file, or the headers are not wholly inside it.</exception>
    public static ElfFile Read(ElfSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        string name = source.Name;
        Span<byte> header = stackalloc byte[HeaderSize];
        if (
            source.Length < 4
            || source.Read(0, header[..4]) != 4
            || !header[..4].SequenceEqual("\x7f"u8 + "ELF"u8)
        )
        {
            throw new ElfException(
                $"{name}: not an ELF file: it does not begin with 7f 45 4c 46; give a unikernel image"
            );
        }

        source.ReadExactly(0, header, "the ELF header");
        if (header[4] != 2)
        {
            throw new ElfException(
                $"{name}: the ELF header: class {header[4]} is not supported, only 64-bit files (class 2) are"
            );
        }

        if (header[5] != 1)
        {
            throw new ElfException(
                $"{name}: the ELF header: data encoding {header[5]} is not supported, only little endian (1) is"
            );
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header[20..]);
        if (header[6] != 1 || version != 1)
        {
            throw new ElfException(
                $"{name}: the ELF header: version {version} (identification {header[6]}) is not 1"
            );
        }

        ushort headerSize = BinaryPrimitives.ReadUInt16LittleEndian(header[52..]);
        if (headerSize != HeaderSize)
        {
            throw new ElfException(
                $"{name}: the ELF header: it gives its own size as {headerSize}, not {HeaderSize}"
            );
        }

        return new ElfFile(source, header, ReadSegments(source, header));
    }

    private static ElfSegment[] ReadSegments(ElfSource source, ReadOnlySpan<byte> header)
    {
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
        ushort entrySize = BinaryPrimitives.ReadUInt16LittleEndian(header[54..]);
        ushort count = BinaryPrimitives.ReadUInt16LittleEndian(header[56..]);
        if (count == 0)
        {
            return [];
        }

        if (entrySize != SegmentHeaderSize)
        {
            throw new ElfException(
                $"{source.Name}: the ELF header: it gives the size of a program header as {entrySize}, not {SegmentHeaderSize}"
            );
        }

        int size = count * SegmentHeaderSize;
        Span<byte> table = size <= 2048 ? stackalloc byte[size] : new byte[size];
        source.ReadExactly(offset, table, "the table of program headers");
        var segments = new ElfSegment[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> entry = table[(i * SegmentHeaderSize)..];
            segments[i] = new ElfSegment(
                i,
                (ElfSegmentType)BinaryPrimitives.ReadUInt32LittleEndian(entry),
                (ElfSegmentFlags)BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[40..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[48..])
            );
        }

        return segments;
    }

    /// <summary>Finds the first note of this name and type in the <c>PT_NOTE</c> segments.</summary>
    /// <param name="name">The owner's name without its terminator, as in "Solo5".</param>
    /// <param name="type">The note's type.</param>
    /// <returns>The descriptor, or null when there is no such note.</returns>
    /// <exception cref="ElfException">A note segment is malformed.</exception>
    public byte[]? FindNote(ReadOnlySpan<byte> name, uint type)
    {
        Span<byte> small = stackalloc byte[2048];
        foreach (ref readonly ElfSegment segment in Segments)
        {
            if (segment.Type != ElfSegmentType.Note)
            {
                continue;
            }

            if (segment.FileSize is < 12 or > LargestNoteSegment)
            {
                throw new ElfException(
                    $"{Source.Name}: program header {segment.Index}: the note does not fall within valid size: {segment.FileSize} bytes, not 12 to {LargestNoteSegment}"
                );
            }

            int size = (int)segment.FileSize;
            Span<byte> bytes = size <= small.Length ? small[..size] : new byte[size];
            Source.ReadExactly(segment.Offset, bytes, "a note segment");
            if (FindNote(bytes, name, type, segment) is byte[] found)
            {
                return found;
            }
        }

        return null;
    }

    private byte[]? FindNote(
        ReadOnlySpan<byte> bytes,
        ReadOnlySpan<byte> name,
        uint type,
        in ElfSegment segment
    )
    {
        // Solo5's linker scripts give every note a segment of its own; other linkers join several.
        uint alignment = segment.Alignment == 8 ? 8u : 4u;
        ulong position = 0;
        while ((ulong)bytes.Length - position >= 12)
        {
            ReadOnlySpan<byte> note = bytes[(int)position..];
            uint nameSize = BinaryPrimitives.ReadUInt32LittleEndian(note);
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(note[4..]);
            uint noteType = BinaryPrimitives.ReadUInt32LittleEndian(note[8..]);
            ulong start = 12 + ((ulong)nameSize + 3 & ~3UL);
            if (start + size > (ulong)note.Length)
            {
                throw new ElfException(
                    $"{Source.Name}: program header {segment.Index}: the note does not fall within valid size: name {nameSize} and content {size} bytes in {note.Length}"
                );
            }

            if (
                noteType == type
                && nameSize == (uint)name.Length + 1
                && note.Slice(12, name.Length).SequenceEqual(name)
                && note[12 + name.Length] == 0
            )
            {
                return note.Slice((int)start, (int)size).ToArray();
            }

            position += start + size;
            position = Math.Min(position + alignment - 1 & ~(alignment - 1UL), (ulong)bytes.Length);
        }

        return null;
    }

    /// <summary>Reads the section headers and their names.</summary>
    /// <exception cref="ElfException">The table or the names are not wholly inside the file, or are malformed.</exception>
    public ElfSection[] ReadSections()
    {
        if (_sectionOffset == 0)
        {
            return [];
        }

        if (_sectionEntrySize != SectionHeaderSize)
        {
            throw new ElfException(
                $"{Source.Name}: the ELF header: it gives the size of a section header as {_sectionEntrySize}, not {SectionHeaderSize}"
            );
        }

        // Files with more than 65279 sections keep the true numbers in the first entry (System V ABI, chapter 4).
        Span<byte> first = stackalloc byte[SectionHeaderSize];
        Source.ReadExactly(_sectionOffset, first, "the table of section headers");
        ulong count =
            _sectionCount != 0
                ? _sectionCount
                : BinaryPrimitives.ReadUInt64LittleEndian(first[32..]);
        uint names =
            _sectionNames != 0xffff
                ? _sectionNames
                : BinaryPrimitives.ReadUInt32LittleEndian(first[40..]);
        if (count > MostSections)
        {
            throw new ElfException(
                $"{Source.Name}: {count} sections are more than the {MostSections} that are supported"
            );
        }

        RequireInside(_sectionOffset, count * SectionHeaderSize, "the table of section headers");
        byte[] table = new byte[count * SectionHeaderSize];
        Source.ReadExactly(_sectionOffset, table, "the table of section headers");
        byte[] strings = [];
        if (names != 0)
        {
            if (names >= count)
            {
                throw new ElfException(
                    $"{Source.Name}: the ELF header: the section of section names is {names}, but there are {count} sections"
                );
            }

            ReadOnlySpan<byte> entry = table.AsSpan((int)names * SectionHeaderSize);
            strings = ReadTable(
                BinaryPrimitives.ReadUInt64LittleEndian(entry[24..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]),
                "the section names"
            );
        }

        var sections = new ElfSection[count];
        for (int i = 0; i < sections.Length; i++)
        {
            ReadOnlySpan<byte> entry = table.AsSpan(i * SectionHeaderSize);
            sections[i] = new ElfSection(
                i,
                ReadString(strings, BinaryPrimitives.ReadUInt32LittleEndian(entry)),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[24..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[32..]),
                BinaryPrimitives.ReadUInt32LittleEndian(entry[40..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[48..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[56..])
            );
        }

        return sections;
    }

    /// <summary>Reads the bytes of a section; empty when it has none in the file.</summary>
    /// <param name="section">One of <see cref="ReadSections"/>.</param>
    /// <exception cref="ElfException">They are not wholly inside the file.</exception>
    public byte[] ReadSection(ElfSection section) =>
        section.Type == ElfSection.NoBits
            ? []
            : ReadTable(section.Offset, section.Size, $"section {section.Name}");

    /// <summary>Reads the symbol table; empty when the file is stripped.</summary>
    /// <exception cref="ElfException">It is not wholly inside the file, or malformed.</exception>
    public ElfSymbol[] ReadSymbols()
    {
        ElfSection[] sections = ReadSections();
        int at = Array.FindIndex(sections, section => section.Type == ElfSection.SymbolTable);
        if (at < 0)
        {
            return [];
        }

        ElfSection symbols = sections[at];
        if (symbols.EntrySize != SymbolSize)
        {
            throw new ElfException(
                $"{Source.Name}: section {symbols.Name}: a symbol has {symbols.EntrySize} bytes, not {SymbolSize}"
            );
        }

        if (symbols.Link >= (ulong)sections.Length)
        {
            throw new ElfException(
                $"{Source.Name}: section {symbols.Name}: its names are in section {symbols.Link}, but there are {sections.Length} sections"
            );
        }

        byte[] strings = ReadSection(sections[symbols.Link]);
        byte[] table = ReadSection(symbols);
        var result = new ElfSymbol[table.Length / SymbolSize];
        for (int i = 0; i < result.Length; i++)
        {
            ReadOnlySpan<byte> entry = table.AsSpan(i * SymbolSize);
            result[i] = new ElfSymbol(
                ReadString(strings, BinaryPrimitives.ReadUInt32LittleEndian(entry)),
                (byte)(entry[4] & 0xf),
                BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(entry[16..]),
                (byte)(entry[4] >> 4)
            );
        }

        return result;
    }

    private void RequireInside(ulong offset, ulong size, string what)
    {
        ulong length = (ulong)Source.Length;
        if (offset > length || size > length - offset)
        {
            throw new ElfException(
                $"{Source.Name}: {what} ({size} bytes at offset 0x{offset:x}) lies outside of the file, which has {length} bytes: the file is cut short or damaged, build or copy it again"
            );
        }
    }

    private byte[] ReadTable(ulong offset, ulong size, string what)
    {
        // Before the allocation: a size out of a damaged file must not become memory.
        RequireInside(offset, size, what);
        if (size > LargestTable)
        {
            throw new ElfException(
                $"{Source.Name}: {what}: {size} bytes are more than the {LargestTable} that are supported"
            );
        }

        byte[] bytes = new byte[size];
        Source.ReadExactly(offset, bytes, what);
        return bytes;
    }

    private string ReadString(byte[] strings, uint offset)
    {
        if (strings.Length == 0 && offset == 0)
        {
            return "";
        }

        int length = offset < strings.Length ? strings.AsSpan((int)offset).IndexOf((byte)0) : -1;
        return length >= 0
            ? Encoding.UTF8.GetString(strings, (int)offset, length)
            : throw new ElfException(
                $"{Source.Name}: a name at offset {offset} has no end within its table of {strings.Length} bytes"
            );
    }
}
