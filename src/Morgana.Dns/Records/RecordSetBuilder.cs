using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>Gathers the records of one name, type and class. Duplicates are dropped (RFC 2181 section 5), the least TTL wins (section 5.2).</summary>
public sealed class RecordSetBuilder
{
    private byte[] _packed = new byte[64];
    private int _length;
    private uint _ttl = uint.MaxValue;

    /// <summary>An empty set for this name, type and class.</summary>
    public RecordSetBuilder(
        DnsName name,
        RecordType type,
        RecordClass recordClass = RecordClass.Internet
    )
    {
        Name = name;
        Type = type;
        Class = recordClass;
    }

    /// <summary>The owner.</summary>
    public DnsName Name { get; }

    /// <summary>The type.</summary>
    public RecordType Type { get; }

    /// <summary>The class.</summary>
    public RecordClass Class { get; }

    /// <summary>How many records were added.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of data so far, with two for the length of each.</summary>
    public int Size => _length;

    /// <summary>True when the record belongs into this set.</summary>
    public bool Matches(in RecordView record) =>
        record.Type == Type && record.Class == Class && record.Name.Equals(Name);

    /// <summary>Adds a record of a message; see <see cref="Matches"/>.</summary>
    /// <returns>False when it was there already.</returns>
    public bool Add(in RecordView record)
    {
        RDataView data = record.Data;
        RDataLayout layout = data.Layout;
        if (!layout.HasNames)
        {
            return Add(record.Ttl, data.Raw);
        }

        int length = RDataWire.ExpandedLength(layout, data.Message, data.Offset, data.Length);
        Span<byte> start = Reserve(length);
        _ = data.TryExpand(start[2..], out _);
        return Commit(record.Ttl, length);
    }

    /// <summary>Adds a record from uncompressed data that is well formed for the type.</summary>
    /// <param name="ttl">Seconds.</param>
    /// <param name="data">The data, at most 65,535 bytes.</param>
    /// <returns>False when it was there already.</returns>
    public bool Add(uint ttl, ReadOnlySpan<byte> data)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(data.Length, RData.MaxLength, nameof(data));
        Span<byte> start = Reserve(data.Length);
        data.CopyTo(start[2..]);
        return Commit(ttl, data.Length);
    }

    /// <summary>The set.</summary>
    /// <exception cref="InvalidOperationException">No record was added.</exception>
    public RecordSet Build()
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("A set has at least one record: add one first.");
        }

        return new RecordSet(Name, Type, Class, _ttl, _packed.AsSpan(0, _length).ToArray(), Count);
    }

    private Span<byte> Reserve(int dataLength)
    {
        int needed = _length + 2 + dataLength;
        if (needed > _packed.Length)
        {
            Array.Resize(ref _packed, Math.Max(needed, 2 * _packed.Length));
        }

        return _packed.AsSpan(_length, 2 + dataLength);
    }

    private bool Commit(uint ttl, int dataLength)
    {
        // The least TTL holds even for a duplicate.
        _ttl = Math.Min(_ttl, Math.Min(ttl, int.MaxValue));
        ReadOnlySpan<byte> added = _packed.AsSpan(_length + 2, dataLength);
        int at = 0;
        while (at < _length)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(_packed.AsSpan(at));
            if (
                length == dataLength
                && RDataWire.Compare(Type, _packed.AsSpan(at + 2, length), added) == 0
            )
            {
                return false;
            }

            at += 2 + length;
        }

        BinaryPrimitives.WriteUInt16BigEndian(_packed.AsSpan(_length), (ushort)dataLength);
        _length += 2 + dataLength;
        Count++;
        return true;
    }
}
