using System.Buffers.Binary;

namespace Morgana.Elf;

/// <summary>
/// Takes symbols and debug information out of a linked executable, as a linker's <c>--strip-all</c> does, without linking again: what is loaded stays where it is, with the headers of
/// its sections.
/// </summary>
public static class ElfStrip
{
    private const int HeaderSize = 64;
    private const int SegmentSize = 56;
    private const int SectionSize = 64;
    private const ulong Allocated = 2; // SHF_ALLOC
    private const uint StringTable = 3; // SHT_STRTAB
    private const uint NoBits = 8; // SHT_NOBITS

    /// <summary>The executable without them.</summary>
    /// <param name="image">A 64-bit little-endian executable.</param>
    /// <exception cref="ElfException">It is not one, or its headers point outside of it.</exception>
    public static byte[] Strip(ReadOnlySpan<byte> image)
    {
        if (
            image.Length < HeaderSize
            || !image.StartsWith("\u007fELF\u0002\u0001"u8)
            || U16(image, 54) != SegmentSize
            || (U64(image, 40) != 0 && U16(image, 58) != SectionSize)
        )
        {
            throw new ElfException("The linked image is no 64-bit ELF executable.");
        }

        ulong segments = U64(image, 32);
        ulong sections = U64(image, 40);
        int segmentCount = U16(image, 56);
        int sectionCount = sections == 0 ? 0 : U16(image, 60);
        int end = Math.Max(HeaderSize, EndOf(segments, (ulong)segmentCount * SegmentSize, image));
        for (int i = 0; i < segmentCount; i++)
        {
            ReadOnlySpan<byte> segment = image[((int)segments + i * SegmentSize)..];
            end = Math.Max(end, EndOf(U64(segment, 8), U64(segment, 32), image));
        }

        List<int> kept = [];
        ReadOnlySpan<byte> names = [];
        if (sectionCount > 0)
        {
            _ = Within(sections, (ulong)sectionCount * SectionSize, image);
            names = SectionNames(image, (int)sections, sectionCount);
            for (int i = 0; i < sectionCount; i++)
            {
                ReadOnlySpan<byte> section = image[((int)sections + i * SectionSize)..];
                if (i == 0 || (U64(section, 8) & Allocated) != 0)
                {
                    kept.Add(i);
                    if (i != 0 && U32(section, 4) != NoBits)
                    {
                        end = Math.Max(end, EndOf(U64(section, 24), U64(section, 32), image));
                    }
                }
            }
        }

        return kept.Count > 1
            ? WithSections(image, end, (int)sections, kept, names)
            : WithoutSections(image, end);
    }

    private static byte[] WithoutSections(ReadOnlySpan<byte> image, int end)
    {
        byte[] stripped = image[..end].ToArray();
        stripped.AsSpan(40, 8).Clear();
        stripped.AsSpan(60, 4).Clear();
        return stripped;
    }

    private static byte[] WithSections(
        ReadOnlySpan<byte> image,
        int end,
        int sections,
        List<int> kept,
        ReadOnlySpan<byte> names
    )
    {
        List<byte> table = [0];
        List<byte[]> headers = [];
        foreach (int index in kept)
        {
            byte[] header = image.Slice(sections + index * SectionSize, SectionSize).ToArray();
            BinaryPrimitives.WriteUInt32LittleEndian(header, Add(NameAt(names, U32(header, 0))));

            // A link leads to the section that was there before, wherever that is now.
            int link = kept.IndexOf((int)Math.Min(U32(header, 40), int.MaxValue));
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(40), (uint)Math.Max(link, 0));
            headers.Add(header);
        }

        byte[] own = new byte[SectionSize];
        uint ownName = Add(".shstrtab"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(own, ownName);
        BinaryPrimitives.WriteUInt32LittleEndian(own.AsSpan(4), StringTable);
        BinaryPrimitives.WriteUInt64LittleEndian(own.AsSpan(24), (ulong)end);
        BinaryPrimitives.WriteUInt64LittleEndian(own.AsSpan(32), (ulong)table.Count);
        BinaryPrimitives.WriteUInt64LittleEndian(own.AsSpan(48), 1);
        headers.Add(own);

        int headersAt = (end + table.Count + 7) & ~7;
        byte[] stripped = new byte[headersAt + headers.Count * SectionSize];
        image[..end].CopyTo(stripped);
        table.CopyTo(stripped, end);
        for (int i = 0; i < headers.Count; i++)
        {
            headers[i].CopyTo(stripped, headersAt + i * SectionSize);
        }

        BinaryPrimitives.WriteUInt64LittleEndian(stripped.AsSpan(40), (ulong)headersAt);
        BinaryPrimitives.WriteUInt16LittleEndian(stripped.AsSpan(60), (ushort)headers.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(stripped.AsSpan(62), (ushort)(headers.Count - 1));
        return stripped;

        uint Add(ReadOnlySpan<byte> name)
        {
            if (name.IsEmpty)
            {
                return 0;
            }

            uint at = (uint)table.Count;
            table.AddRange(name);
            table.Add(0);
            return at;
        }
    }

    private static ReadOnlySpan<byte> SectionNames(
        ReadOnlySpan<byte> image,
        int sections,
        int count
    )
    {
        int index = U16(image, 62);
        if (index == 0 || index >= count)
        {
            return [];
        }

        ReadOnlySpan<byte> header = image[(sections + index * SectionSize)..];
        return Within(U64(header, 24), U64(header, 32), image);
    }

    private static ReadOnlySpan<byte> NameAt(ReadOnlySpan<byte> names, uint offset)
    {
        if (offset >= names.Length)
        {
            return [];
        }

        ReadOnlySpan<byte> rest = names[(int)offset..];
        int end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }

    private static ReadOnlySpan<byte> Within(ulong offset, ulong size, ReadOnlySpan<byte> image) =>
        offset <= (ulong)image.Length && size <= (ulong)image.Length - offset
            ? image.Slice((int)offset, (int)size)
            : throw new ElfException(
                $"The linked image is cut off: {size} bytes at 0x{offset:x} lie outside of its {image.Length} bytes."
            );

    private static int EndOf(ulong offset, ulong size, ReadOnlySpan<byte> image) =>
        size == 0 ? 0 : (int)offset + Within(offset, size, image).Length;

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
}
