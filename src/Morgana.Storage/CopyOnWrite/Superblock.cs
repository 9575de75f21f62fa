using System.Buffers.Binary;
using Morgana.Storage.Hashing;

namespace Morgana.Storage.CopyOnWrite;

/// <summary>
/// One state of the store as a whole. Two places on the disk hold one each: generation n stands in place n mod 2, so the last state is there
/// as long as the next one is being written.
/// </summary>
/// <param name="Geometry">How the disk is divided.</param>
/// <param name="Generation">How many batches were ever committed.</param>
/// <param name="Root">The tree's first page; nothing for an empty store.</param>
/// <param name="Level">Its level; 0 for a leaf.</param>
/// <param name="Keys">Values in the store.</param>
/// <param name="ValueBytes">Their bytes.</param>
internal sealed record Superblock(
    Geometry Geometry,
    ulong Generation,
    Extent Root,
    int Level,
    long Keys,
    long ValueBytes
)
{
    public const int Size = 512;
    private const int ChecksumAt = Size - 4;
    private const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "MorganKV"u8;

    /// <summary>Where it stands.</summary>
    public long Place => PlaceOf(Generation);

    public static long PlaceOf(ulong generation) =>
        (generation & 1) == 0 ? 0 : Geometry.SecondSuperblock;

    /// <summary>Reads one; nothing in it is trusted.</summary>
    /// <param name="bytes">512 bytes.</param>
    /// <param name="place">Where they are from.</param>
    /// <param name="reason">Why it is none; empty where nothing ever was.</param>
    public static Superblock? Read(ReadOnlySpan<byte> bytes, long place, out string reason)
    {
        bytes = bytes[..Size];
        reason = "";
        if (!bytes.StartsWith(Magic))
        {
            reason = bytes.ContainsAnyExcept((byte)0) ? "it is something else" : "";
            return null;
        }

        if (
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..])
            != Crc32C.Of(bytes[..ChecksumAt])
        )
        {
            reason = "its checksum is wrong";
            return null;
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]);
        if (version != Version)
        {
            reason = $"it has version {version}, and this program knows {Version}";
            return null;
        }

        uint unitSize = BinaryPrimitives.ReadUInt32LittleEndian(bytes[12..]);
        uint unitCount = BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]);
        int level = bytes[20];
        ulong generation = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        Extent root = Extent.Read(bytes[32..]);
        long keys = BinaryPrimitives.ReadInt64LittleEndian(bytes[48..]);
        long valueBytes = BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]);
        if (!Geometry.IsUnitSize(unitSize))
        {
            reason = $"its units have {unitSize} bytes";
            return null;
        }

        Geometry geometry = new((int)unitSize, unitCount);
        if (
            unitCount < geometry.FirstUnit + Geometry.FewestUnits
            || PlaceOf(generation) != place
            || level >= Geometry.MostLevels
            || keys < 0
            || valueBytes < 0
            || (root.IsNothing ? keys != 0 || level != 0 : !geometry.Holds(root) || root.Count != 1)
        )
        {
            reason = "what it says does not fit together";
            return null;
        }

        return new Superblock(geometry, generation, root, level, keys, valueBytes);
    }

    /// <summary>Writes it into 512 bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        bytes = bytes[..Size];
        bytes.Clear();
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[12..], (uint)Geometry.UnitSize);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], Geometry.UnitCount);
        bytes[20] = (byte)Level;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], Generation);
        Root.Write(bytes[32..]);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[48..], Keys);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[56..], ValueBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(
            bytes[ChecksumAt..],
            Crc32C.Of(bytes[..ChecksumAt])
        );
    }
}
