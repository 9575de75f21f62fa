using System.Buffers.Binary;

namespace Morgana.Storage.CopyOnWrite;

/// <summary>What an inner page says of a page below it: the first key that can be in it, and where it is.</summary>
internal static class ChildEntry
{
    /// <summary>Bytes before the key.</summary>
    public const int HeaderSize = 2 + Extent.Size;

    public static ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> raw) =>
        raw.Slice(HeaderSize, BinaryPrimitives.ReadUInt16LittleEndian(raw));

    public static Extent ExtentOf(ReadOnlySpan<byte> raw) => Extent.Read(raw[2..]);

    public static byte[] Make(ReadOnlySpan<byte> key, Extent extent)
    {
        byte[] raw = new byte[HeaderSize + key.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(raw, (ushort)key.Length);
        extent.Write(raw.AsSpan(2));
        key.CopyTo(raw.AsSpan(HeaderSize));
        return raw;
    }

    /// <summary>Checks an entry of a page that may be anything.</summary>
    public static bool TryMeasure(ReadOnlySpan<byte> bytes, Geometry geometry, out int length)
    {
        length = 0;
        if (bytes.Length < HeaderSize)
        {
            return false;
        }

        int keySize = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        length = HeaderSize + keySize;
        Extent extent = ExtentOf(bytes);
        return keySize > 0
            && keySize <= geometry.MostKeyBytes
            && length <= bytes.Length
            && extent.Count == 1
            && geometry.Holds(extent);
    }
}
