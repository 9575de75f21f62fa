using System.Buffers.Binary;
using System.Text.Unicode;

namespace Morgana.Storage.CopyOnWrite;

/// <summary>
/// A unit that finds others: a page of the tree of keys (level 0: entries of values; above: entries of pages) or of a value's map (extents). It is checked
/// when it is read and never changes: a change writes another page.
/// </summary>
internal sealed class Page
{
    public const int HeaderSize = 16;
    private const uint TreeMagic = 0x4e564b4d;
    private const uint MapMagic = 0x50564b4d;

    private readonly byte[] _bytes;
    private readonly int _end;

    private Page(byte[] bytes, Extent place, bool isMap, int level, int count, int end)
    {
        _bytes = bytes;
        _end = end;
        Place = place;
        IsMap = isMap;
        Level = level;
        Count = count;
    }

    /// <summary>Where it is.</summary>
    public Extent Place { get; }

    public bool IsMap { get; }

    /// <summary>Pages below it on the way to a value; in a map, maps below it and itself.</summary>
    public int Level { get; }

    /// <summary>Its entries.</summary>
    public int Count { get; }

    /// <summary>Room for entries in a page.</summary>
    public static int RoomOf(Geometry geometry) => geometry.UnitSize - HeaderSize;

    /// <summary>Extents that a page of a map can hold.</summary>
    public static int MapRoomOf(Geometry geometry) => RoomOf(geometry) / Extent.Size;

    /// <summary>Bytes that an entry of the tree takes.</summary>
    public static int CostOf(ReadOnlyMemory<byte> entry) => sizeof(ushort) + entry.Length;

    /// <summary>Makes a page of the tree.</summary>
    public static byte[] Make(
        Geometry geometry,
        ulong generation,
        int level,
        IReadOnlyList<ReadOnlyMemory<byte>> entries
    )
    {
        byte[] bytes = Begin(geometry, generation, TreeMagic, level, entries.Count);
        int at = HeaderSize + sizeof(ushort) * entries.Count;
        for (int i = 0; i < entries.Count; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(
                bytes.AsSpan(HeaderSize + sizeof(ushort) * i),
                (ushort)at
            );
            entries[i].CopyTo(bytes.AsMemory(at));
            at += entries[i].Length;
        }

        return bytes;
    }

    /// <summary>Makes a page of a map.</summary>
    public static byte[] MakeMap(
        Geometry geometry,
        ulong generation,
        int level,
        ReadOnlySpan<Extent> extents
    )
    {
        byte[] bytes = Begin(geometry, generation, MapMagic, level, extents.Length);
        for (int i = 0; i < extents.Length; i++)
        {
            extents[i].Write(bytes.AsSpan(HeaderSize + Extent.Size * i));
        }

        return bytes;
    }

    /// <summary>Checks what was read.</summary>
    /// <param name="bytes">A unit, which the page keeps.</param>
    /// <param name="place">Where it is from.</param>
    /// <param name="geometry">What is possible.</param>
    /// <returns>Null when it is no page.</returns>
    public static Page? TryParse(byte[] bytes, Extent place, Geometry geometry)
    {
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        int level = bytes[4];
        int count = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(6));
        return magic switch
        {
            TreeMagic => ParseTree(bytes, place, geometry, level, count),
            MapMagic => ParseMap(bytes, place, geometry, level, count),
            _ => null,
        };
    }

    public ReadOnlyMemory<byte> Entry(int index)
    {
        int begin = OffsetOf(index);
        return _bytes.AsMemory(begin, (index + 1 < Count ? OffsetOf(index + 1) : _end) - begin);
    }

    public ReadOnlySpan<byte> Key(int index)
    {
        ReadOnlySpan<byte> entry = _bytes.AsSpan(OffsetOf(index));
        return Level == 0 ? ValueEntry.KeyOf(entry) : ChildEntry.KeyOf(entry);
    }

    /// <summary>The page or units below; not for a leaf.</summary>
    public Extent Child(int index) =>
        IsMap
            ? Extent.Read(_bytes.AsSpan(HeaderSize + Extent.Size * index))
            : ChildEntry.ExtentOf(_bytes.AsSpan(OffsetOf(index)));

    /// <summary>Where a key is; else the complement of where it would be.</summary>
    public int Search(ReadOnlySpan<byte> key)
    {
        int low = 0;
        int high = Count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            int order = Key(middle).SequenceCompareTo(key);
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }

    /// <summary>The entry of the page below that a key would be in.</summary>
    public int SearchChild(ReadOnlySpan<byte> key)
    {
        int place = Search(key);
        return place >= 0 ? place : Math.Max(~place - 1, 0);
    }

    private static byte[] Begin(
        Geometry geometry,
        ulong generation,
        uint magic,
        int level,
        int count
    )
    {
        byte[] bytes = new byte[geometry.UnitSize];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, magic);
        bytes[4] = (byte)level;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(6), (ushort)count);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(8), generation);
        return bytes;
    }

    private static Page? ParseTree(
        byte[] bytes,
        Extent place,
        Geometry geometry,
        int level,
        int count
    )
    {
        int at = HeaderSize + sizeof(ushort) * count;
        if (count == 0 || at > bytes.Length || level >= Geometry.MostLevels)
        {
            return null;
        }

        ReadOnlySpan<byte> last = [];
        for (int i = 0; i < count; i++)
        {
            int offset = BinaryPrimitives.ReadUInt16LittleEndian(
                bytes.AsSpan(HeaderSize + sizeof(ushort) * i)
            );
            ReadOnlySpan<byte> rest = bytes.AsSpan(at);
            if (
                offset != at
                || !(
                    level == 0
                        ? ValueEntry.TryMeasure(rest, geometry, out int length)
                        : ChildEntry.TryMeasure(rest, geometry, out length)
                )
            )
            {
                return null;
            }

            ReadOnlySpan<byte> key = level == 0 ? ValueEntry.KeyOf(rest) : ChildEntry.KeyOf(rest);
            if (!Utf8.IsValid(key) || last.SequenceCompareTo(key) >= 0)
            {
                return null;
            }

            last = key;
            at += length;
        }

        return new Page(bytes, place, isMap: false, level, count, at);
    }

    private static Page? ParseMap(
        byte[] bytes,
        Extent place,
        Geometry geometry,
        int level,
        int count
    )
    {
        if (count == 0 || count > MapRoomOf(geometry) || level is 0 or > Geometry.MostHeight)
        {
            return null;
        }

        ulong span = 0;
        for (int i = 0; i < count; i++)
        {
            Extent extent = Extent.Read(bytes.AsSpan(HeaderSize + Extent.Size * i));
            if (
                !geometry.Holds(extent)
                || extent.Span == 0
                || (
                    level == 1
                        ? extent.Count != extent.Span || extent.Count > geometry.ChunkUnits
                        : extent.Count != 1
                )
            )
            {
                return null;
            }

            span += extent.Span;
        }

        // What is above has promised so many units.
        return span == place.Span ? new Page(bytes, place, isMap: true, level, count, 0) : null;
    }

    private int OffsetOf(int index) =>
        BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(HeaderSize + sizeof(ushort) * index));
}
