using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>
/// The records of one name, type and class: what caches keep and servers give (RFC 2181 section 5). Immutable. All data lies
/// in one array, so that a set costs two objects however many records it has.
/// </summary>
public sealed class RecordSet
{
    private readonly byte[] _packed;
    private readonly int[]? _starts;

    internal RecordSet(
        DnsName name,
        RecordType type,
        RecordClass recordClass,
        uint ttl,
        byte[] packed,
        int count
    )
    {
        Name = name;
        Type = type;
        Class = recordClass;
        Ttl = ttl;
        Count = count;
        _packed = packed;
        if (count > 1)
        {
            _starts = new int[count];
            int at = 0;
            for (int i = 0; i < count; i++)
            {
                _starts[i] = at;
                at += 2 + BinaryPrimitives.ReadUInt16BigEndian(packed.AsSpan(at));
            }
        }
    }

    /// <summary>The owner.</summary>
    public DnsName Name { get; }

    /// <summary>The type.</summary>
    public RecordType Type { get; }

    /// <summary>The class.</summary>
    public RecordClass Class { get; }

    /// <summary>For how many seconds the set may be kept, 0 to 2^31 - 1: the least of its records (RFC 2181 section 5.2).</summary>
    public uint Ttl { get; }

    /// <summary>How many records, at least 1.</summary>
    public int Count { get; }

    /// <summary>About how many bytes the set takes in memory, for caches that are bounded in bytes.</summary>
    public int MemorySize =>
        120 + Name.Length + _packed.Length + (_starts is null ? 0 : 24 + 4 * Count);

    /// <summary>The uncompressed data of a record, 0 to 65,535 bytes.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(
                (uint)index,
                (uint)Count,
                nameof(index)
            );
            ReadOnlySpan<byte> rest = _packed.AsSpan(_starts is null ? 0 : _starts[index]);
            return rest.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(rest));
        }
    }

    /// <summary>The data of a record as a view, for the typed views.</summary>
    public RDataView View(int index)
    {
        ReadOnlySpan<byte> data = this[index];
        return new RDataView(Type, Class, data, 0, data.Length);
    }

    /// <summary>The same set under another name, class and data shared: for wildcards.</summary>
    public RecordSet WithName(DnsName name) => new(name, Type, Class, Ttl, _packed, Count);

    /// <summary>The same set with another TTL, in seconds.</summary>
    public RecordSet WithTtl(uint ttl) => new(Name, Type, Class, ttl, _packed, Count);

    /// <summary>A set of one record.</summary>
    public static RecordSet Create(in ResourceRecord record)
    {
        var builder = new RecordSetBuilder(record.Name, record.Type, record.Class);
        builder.Add(record.Ttl, record.Data.Wire);
        return builder.Build();
    }

    /// <summary>Record <paramref name="index"/> on its own.</summary>
    public ResourceRecord GetRecord(int index) =>
        new(Name, Ttl, RData.FromGoodWire(Type, this[index].ToArray()), Class);
}
