using System.Buffers.Binary;
using System.Text;

namespace Morgana.Elf;

/// <summary>Writes a relocatable object with one section of data and one global symbol for it.</summary>
/// <param name="machine">The architecture.</param>
public sealed class ElfObjectWriter(ElfMachine machine)
{
    private const int Alignment = 4;

    /// <summary>Writes the object.</summary>
    /// <param name="sectionName">Name of the section; a note section when it begins with ".note.".</param>
    /// <param name="content">Its bytes; the section is allocated, read only, aligned to 4.</param>
    /// <param name="symbolName">A global data symbol for the whole content.</param>
    public byte[] Write(string sectionName, ReadOnlySpan<byte> content, string symbolName)
    {
        ArgumentNullException.ThrowIfNull(sectionName);
        ArgumentNullException.ThrowIfNull(symbolName);

        // Without .note.GNU-stack, linkers take it that the object wants an executable stack.
        const string StackName = ".note.GNU-stack";
        const string SymbolsName = ".symtab";
        const string StringsName = ".strtab";
        string strings =
            $"\0{sectionName}\0{StackName}\0{SymbolsName}\0{StringsName}\0{symbolName}\0";
        int contentStart = ElfFile.HeaderSize;
        int symbolsStart = contentStart + content.Length + 7 & ~7;
        int stringsStart = symbolsStart + 2 * ElfFile.SymbolSize;
        int sectionsStart = stringsStart + strings.Length + 7 & ~7;
        const int SectionCount = 5;

        byte[] bytes = new byte[sectionsStart + SectionCount * ElfFile.SectionHeaderSize];
        ElfHeaderWriter.Write(bytes, ElfFileType.Relocatable, machine, 0);
        ElfHeaderWriter.WriteSectionTable(bytes, (ulong)sectionsStart, SectionCount, 4);
        content.CopyTo(bytes.AsSpan(contentStart));

        Span<byte> symbol = bytes.AsSpan(symbolsStart + ElfFile.SymbolSize);
        BinaryPrimitives.WriteInt32LittleEndian(symbol, NameOffset(symbolName));
        symbol[4] = 1 << 4 | 1; // global, object
        BinaryPrimitives.WriteUInt16LittleEndian(symbol[6..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(symbol[16..], (ulong)content.Length);
        _ = Encoding.ASCII.GetBytes(strings, bytes.AsSpan(stringsStart));

        uint type = sectionName.StartsWith(".note.", StringComparison.Ordinal)
            ? ElfSection.Notes
            : ElfSection.ProgramBits;
        Section(
            1,
            sectionName,
            type,
            ElfSection.Allocated,
            contentStart,
            content.Length,
            0,
            0,
            Alignment,
            0
        );
        Section(2, StackName, ElfSection.ProgramBits, 0, symbolsStart, 0, 0, 0, 1, 0);
        Section(
            3,
            SymbolsName,
            ElfSection.SymbolTable,
            0,
            symbolsStart,
            2 * ElfFile.SymbolSize,
            4,
            1,
            8,
            ElfFile.SymbolSize
        );
        Section(
            4,
            StringsName,
            ElfSection.StringTable,
            0,
            stringsStart,
            strings.Length,
            0,
            0,
            1,
            0
        );
        return bytes;

        int NameOffset(string name) => strings.IndexOf($"\0{name}\0", StringComparison.Ordinal) + 1;

        void Section(
            int index,
            string name,
            uint type,
            ulong flags,
            int offset,
            int size,
            uint link,
            uint info,
            ulong alignment,
            ulong entrySize
        )
        {
            Span<byte> header = bytes.AsSpan(sectionsStart + index * ElfFile.SectionHeaderSize);
            BinaryPrimitives.WriteInt32LittleEndian(header, NameOffset(name));
            BinaryPrimitives.WriteUInt32LittleEndian(header[4..], type);
            BinaryPrimitives.WriteUInt64LittleEndian(header[8..], flags);
            BinaryPrimitives.WriteUInt64LittleEndian(header[24..], (ulong)offset);
            BinaryPrimitives.WriteUInt64LittleEndian(header[32..], (ulong)size);
            BinaryPrimitives.WriteUInt32LittleEndian(header[40..], link);
            BinaryPrimitives.WriteUInt32LittleEndian(header[44..], info);
            BinaryPrimitives.WriteUInt64LittleEndian(header[48..], alignment);
            BinaryPrimitives.WriteUInt64LittleEndian(header[56..], entrySize);
        }
    }
}
