using System.Buffers.Binary;

namespace Morgana.Storage.CopyOnWrite;

/// <summary>
/// Units that lie together, with the checksum of their bytes: how everything but the superblocks is referred to. What was written in another place or
/// not at all is thereby noticed as well as what has changed.
/// </summary>
/// <param name="First">The first unit; 0 when there is nothing.</param>
/// <param name="Count">How many.</param>
/// <param name="Checksum">CRC-32C of all their bytes.</param>
/// <param name="Span">Units of values that are in it or below it; 0 for pages of the tree.</param>
internal readonly record struct Extent(uint First, uint Count, uint Checksum, uint Span)
{
    public const int Size = 16;

    public bool IsNothing => First == 0;

    public static Extent Read(ReadOnlySpan<byte> bytes) =>
        new(
            BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..])
        );

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, First);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Checksum);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], Span);
    }
}
