using System.Buffers.Binary;
using System.Text;
using Morgana.Storage.Hashing;

namespace Morgana.Storage.CopyOnWrite;

/// <summary>What a leaf says of one value: key, size, time, digest, and the value itself or where it is.</summary>
/// <param name="Raw">The entry as it stands in the page, which has checked it.</param>
internal readonly record struct ValueEntry(ReadOnlyMemory<byte> Raw)
{
    /// <summary>Bytes before the key.</summary>
    public const int HeaderSize = 56;

    private const byte Inline = 0;
    private const byte OnDisk = 1;

    public ReadOnlySpan<byte> Key => KeyOf(Raw.Span);

    public bool IsInline => Raw.Span[2] == Inline;

    /// <summary>Levels of maps above the value's units.</summary>
    public int Height => Raw.Span[3];

    public DateTimeOffset LastModified =>
        new(BinaryPrimitives.ReadInt64LittleEndian(Raw.Span[8..]), TimeSpan.Zero);

    public long Size => BinaryPrimitives.ReadInt64LittleEndian(Raw.Span[16..]);

    public ReadOnlyMemory<byte> Digest => Raw.Slice(24, Sha256.Size);

    public ReadOnlyMemory<byte> InlineValue => Raw[(HeaderSize + Key.Length)..];

    public Extent Extent => Extent.Read(Raw.Span[(HeaderSize + Key.Length)..]);

    public string KeyText => Encoding.UTF8.GetString(Key);

    public static ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> raw) =>
        raw.Slice(HeaderSize, BinaryPrimitives.ReadUInt16LittleEndian(raw));

    public static ValueEntry OfInline(
        ReadOnlySpan<byte> key,
        DateTimeOffset time,
        ReadOnlySpan<byte> digest,
        ReadOnlySpan<byte> value
    )
    {
        byte[] raw = Begin(key, Inline, 0, time, value.Length, digest, value.Length);
        value.CopyTo(raw.AsSpan(HeaderSize + key.Length));
        return new ValueEntry(raw);
    }

    public static ValueEntry OfExtent(
        ReadOnlySpan<byte> key,
        DateTimeOffset time,
        ReadOnlySpan<byte> digest,
        long size,
        int height,
        Extent extent
    )
    {
        byte[] raw = Begin(key, OnDisk, height, time, size, digest, Extent.Size);
        extent.Write(raw.AsSpan(HeaderSize + key.Length));
        return new ValueEntry(raw);
    }

    /// <summary>Checks an entry of a page that may be anything.</summary>
    /// <param name="bytes">The page from the entry on.</param>
    /// <param name="geometry">What is possible.</param>
    /// <param name="length">The entry's bytes.</param>
    public static bool TryMeasure(ReadOnlySpan<byte> bytes, Geometry geometry, out int length)
    {
        length = 0;
        if (bytes.Length < HeaderSize)
        {
            return false;
        }

        int keySize = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        byte kind = bytes[2];
        int height = bytes[3];
        long ticks = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        long size = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        if (
            keySize == 0
            || keySize > geometry.MostKeyBytes
            || ticks < 0
            || ticks > DateTime.MaxValue.Ticks
            || size < 0
            || kind > OnDisk
        )
        {
            return false;
        }

        if (kind == Inline)
        {
            if (size > geometry.MostInlineBytes || height != 0)
            {
                return false;
            }

            length = HeaderSize + keySize + (int)size;
            return length <= bytes.Length;
        }

        length = HeaderSize + keySize + Extent.Size;
        if (length > bytes.Length || height > Geometry.MostHeight)
        {
            return false;
        }

        Extent extent = Extent.Read(bytes[(HeaderSize + keySize)..]);
        return size > 0
            && size <= (long)geometry.UnitCount * geometry.UnitSize
            && extent.Span == geometry.UnitsFor(size)
            && geometry.Holds(extent)
            && (
                height == 0
                    ? extent.Count == extent.Span && extent.Count <= geometry.ChunkUnits
                    : extent.Count == 1
            );
    }

    private static byte[] Begin(
        ReadOnlySpan<byte> key,
        byte kind,
        int height,
        DateTimeOffset time,
        long size,
        ReadOnlySpan<byte> digest,
        int tail
    )
    {
        byte[] raw = new byte[HeaderSize + key.Length + tail];
        BinaryPrimitives.WriteUInt16LittleEndian(raw, (ushort)key.Length);
        raw[2] = kind;
        raw[3] = (byte)height;
        BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(8), time.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(raw.AsSpan(16), size);
        digest.CopyTo(raw.AsSpan(24));
        key.CopyTo(raw.AsSpan(HeaderSize));
        return raw;
    }
}
