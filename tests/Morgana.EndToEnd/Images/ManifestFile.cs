using System.Buffers.Binary;
using System.Text;

namespace Morgana.EndToEnd.Images;

/// <summary>
/// A file that is an image as far as its manifest goes: an ELF header and one note segment. It lets tests drive
/// <c>morgana run</c> with a stand-in for the tender.
/// </summary>
internal static class ManifestFile
{
    private const int HeaderLength = 64;
    private const int SegmentLength = 56;
    private const int EntryLength = 104;

    /// <summary>Writes an image that declares the given network devices.</summary>
    public static void Write(string path, params string[] networks)
    {
        // A note: name length, content length, type "MFT1", the name padded; 4 bytes of alignment; version, count.
        int content = 4 + 8 + (networks.Length * EntryLength);
        byte[] file = new byte[HeaderLength + SegmentLength + 20 + content];
        Span<byte> header = file;
        "\u007fELF\u0002\u0001\u0001"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt16LittleEndian(header[16..], 2); // ET_EXEC
        BinaryPrimitives.WriteUInt16LittleEndian(header[18..], 62); // EM_X86_64
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header[32..], HeaderLength); // e_phoff
        BinaryPrimitives.WriteUInt16LittleEndian(header[52..], HeaderLength);
        BinaryPrimitives.WriteUInt16LittleEndian(header[54..], SegmentLength);
        BinaryPrimitives.WriteUInt16LittleEndian(header[56..], 1); // e_phnum

        Span<byte> segment = header[HeaderLength..];
        BinaryPrimitives.WriteUInt32LittleEndian(segment, 4); // PT_NOTE
        BinaryPrimitives.WriteUInt32LittleEndian(segment[4..], 4); // readable
        BinaryPrimitives.WriteUInt64LittleEndian(segment[8..], HeaderLength + SegmentLength);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[32..], (ulong)(20 + content));
        BinaryPrimitives.WriteUInt64LittleEndian(segment[40..], (ulong)(20 + content));
        BinaryPrimitives.WriteUInt64LittleEndian(segment[48..], 4);

        Span<byte> note = segment[SegmentLength..];
        BinaryPrimitives.WriteUInt32LittleEndian(note, 6);
        BinaryPrimitives.WriteUInt32LittleEndian(note[4..], (uint)content);
        "MFT1Solo5"u8.CopyTo(note[8..]);
        Span<byte> manifest = note[24..];
        BinaryPrimitives.WriteUInt32LittleEndian(manifest, 1);
        BinaryPrimitives.WriteUInt32LittleEndian(manifest[4..], (uint)networks.Length);
        for (int i = 0; i < networks.Length; i++)
        {
            Span<byte> entry = manifest[(8 + (i * EntryLength))..];
            Encoding.ASCII.GetBytes(networks[i], entry);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[68..], 2); // NET_BASIC
        }

        File.WriteAllBytes(path, file);
    }
}
