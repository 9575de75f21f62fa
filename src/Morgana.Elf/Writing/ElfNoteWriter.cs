using System.Buffers.Binary;
using System.Text;

namespace Morgana.Elf;

/// <summary>Writes ELF notes.</summary>
public static class ElfNoteWriter
{
    /// <summary>Writes a note: sizes, type, name with its terminator padded to 4, descriptor padded to 4.</summary>
    /// <param name="name">The owner, in ASCII.</param>
    /// <param name="type">The type.</param>
    /// <param name="descriptor">The content.</param>
    public static byte[] Write(string name, uint type, ReadOnlySpan<byte> descriptor)
    {
        ArgumentNullException.ThrowIfNull(name);
        int start = 12 + (name.Length + 1 + 3 & ~3);
        byte[] note = new byte[start + descriptor.Length + 3 & ~3];
        BinaryPrimitives.WriteInt32LittleEndian(note, name.Length + 1);
        BinaryPrimitives.WriteInt32LittleEndian(note.AsSpan(4), descriptor.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(note.AsSpan(8), type);
        _ = Encoding.ASCII.GetBytes(name, note.AsSpan(12));
        descriptor.CopyTo(note.AsSpan(start));
        return note;
    }
}
