using System.Buffers.Binary;

namespace Morgana.Elf;

/// <summary>Writes the ELF header, which objects and images share.</summary>
internal static class ElfHeaderWriter
{
    public static void Write(Span<byte> bytes, ElfFileType type, ElfMachine machine, ulong entry)
    {
        bytes = bytes[..ElfFile.HeaderSize];
        bytes.Clear();
        ("\x7f"u8 + "ELF"u8).CopyTo(bytes);
        bytes[4] = 2; // 64-bit
        bytes[5] = 1; // little endian
        bytes[6] = 1; // version
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[16..], (ushort)type);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[18..], (ushort)machine);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], entry);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[52..], ElfFile.HeaderSize);
    }

    public static void WriteSegmentTable(Span<byte> bytes, ulong offset, int count)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[32..], offset);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[54..], ElfFile.SegmentHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[56..], (ushort)count);
    }

    public static void WriteSectionTable(Span<byte> bytes, ulong offset, int count, int names)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[40..], offset);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[58..], ElfFile.SectionHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[60..], (ushort)count);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[62..], (ushort)names);
    }
}
