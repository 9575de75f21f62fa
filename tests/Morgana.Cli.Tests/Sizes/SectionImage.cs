using System.Buffers.Binary;
using System.Text;

namespace Morgana.Cli.Tests.Sizes;

/// <summary>Writes a small executable with sections and, unless stripped, symbols.</summary>
internal sealed class SectionImage
{
    private readonly List<(
        string Name,
        uint Type,
        ulong Address,
        byte[] Bytes,
        ulong Size
    )> _sections = [];
    private readonly List<(
        string Name,
        byte Info,
        int Section,
        ulong Value,
        ulong Size
    )> _symbols = [];

    public SectionImage Section(string name, ulong address, byte[] bytes)
    {
        _sections.Add((name, 1, address, bytes, (ulong)bytes.Length));
        return this;
    }

    /// <summary>A section that has memory, but no bytes in the file.</summary>
    public SectionImage Empty(string name, ulong address, ulong size)
    {
        _sections.Add((name, 8, address, [], size));
        return this;
    }

    /// <param name="name">Its name.</param>
    /// <param name="value">Its address.</param>
    /// <param name="size">0 when unknown.</param>
    /// <param name="global">Local otherwise.</param>
    public SectionImage Symbol(string name, ulong value, ulong size = 0, bool global = false)
    {
        int section = _sections.FindIndex(s => value >= s.Address && value < s.Address + s.Size);
        _symbols.Add((name, (byte)(global ? 0x12 : 0x02), section + 1, value, size));
        return this;
    }

    /// <summary>The source file of the local symbols that follow.</summary>
    public SectionImage File(string name)
    {
        _symbols.Add((name, 0x04, 0xfff1, 0, 0));
        return this;
    }

    public byte[] Write(bool stripped = false)
    {
        MemoryStream file = new();
        file.Write(new byte[64]);
        List<(
            string Name,
            uint Type,
            ulong Flags,
            ulong Address,
            ulong Offset,
            ulong Size,
            uint Link,
            ulong Entry
        )> headers = [("", 0, 0, 0, 0, 0, 0, 0)];
        foreach ((string name, uint type, ulong address, byte[] bytes, ulong size) in _sections)
        {
            headers.Add((name, type, 2, address, (ulong)file.Length, size, 0, 0));
            file.Write(bytes);
            // The alignment of what follows.
            file.Write(new byte[3]);
        }

        if (!stripped)
        {
            MemoryStream names = new();
            names.WriteByte(0);
            MemoryStream table = new();
            table.Write(new byte[24]);
            foreach ((string name, byte info, int section, ulong value, ulong size) in _symbols)
            {
                byte[] entry = new byte[24];
                BinaryPrimitives.WriteUInt32LittleEndian(entry, (uint)names.Length);
                entry[4] = info;
                BinaryPrimitives.WriteUInt16LittleEndian(entry.AsSpan(6), (ushort)section);
                BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(8), value);
                BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(16), size);
                table.Write(entry);
                names.Write(Encoding.UTF8.GetBytes(name + '\0'));
            }

            headers.Add(
                (
                    ".symtab",
                    2,
                    0,
                    0,
                    (ulong)file.Length,
                    (ulong)table.Length,
                    (uint)headers.Count + 1,
                    24
                )
            );
            file.Write(table.ToArray());
            headers.Add((".strtab", 3, 0, 0, (ulong)file.Length, (ulong)names.Length, 0, 0));
            file.Write(names.ToArray());
        }

        MemoryStream sectionNames = new();
        sectionNames.WriteByte(0);
        List<uint> starts = [];
        foreach (string name in headers.Select(h => h.Name).Append(".shstrtab"))
        {
            starts.Add((uint)sectionNames.Length);
            sectionNames.Write(Encoding.UTF8.GetBytes(name + '\0'));
        }

        headers.Add((".shstrtab", 3, 0, 0, (ulong)file.Length, (ulong)sectionNames.Length, 0, 0));
        file.Write(sectionNames.ToArray());
        ulong headersAt = (ulong)file.Length;
        for (int i = 0; i < headers.Count; i++)
        {
            var header = headers[i];
            byte[] entry = new byte[64];
            BinaryPrimitives.WriteUInt32LittleEndian(entry, starts[i]);
            BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(4), header.Type);
            BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(8), header.Flags);
            BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(16), header.Address);
            BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(24), header.Offset);
            BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(32), header.Size);
            BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(40), header.Link);
            BinaryPrimitives.WriteUInt64LittleEndian(entry.AsSpan(56), header.Entry);
            file.Write(entry);
        }

        byte[] bytesOf = file.ToArray();
        "\x7f"u8.CopyTo(bytesOf);
        "ELF"u8.CopyTo(bytesOf.AsSpan(1));
        bytesOf[4] = 2;
        bytesOf[5] = 1;
        bytesOf[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytesOf.AsSpan(16), 2);
        BinaryPrimitives.WriteUInt16LittleEndian(bytesOf.AsSpan(18), 62);
        BinaryPrimitives.WriteUInt32LittleEndian(bytesOf.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(bytesOf.AsSpan(40), headersAt);
        BinaryPrimitives.WriteUInt16LittleEndian(bytesOf.AsSpan(52), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(bytesOf.AsSpan(58), 64);
        BinaryPrimitives.WriteUInt16LittleEndian(bytesOf.AsSpan(60), (ushort)headers.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(bytesOf.AsSpan(62), (ushort)(headers.Count - 1));
        return bytesOf;
    }
}
