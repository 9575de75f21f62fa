namespace Morgana.Dns;

/// <summary>A record where it lies in a message. Its data has been checked against its type's layout.</summary>
public readonly ref struct RecordView
{
    internal RecordView(
        MessageSection section,
        int offset,
        DnsNameView name,
        RecordType type,
        RecordClass recordClass,
        uint rawTtl,
        RDataView data
    )
    {
        Section = section;
        Offset = offset;
        Name = name;
        Type = type;
        Class = recordClass;
        RawTtl = rawTtl;
        Data = data;
    }

    /// <summary>The section that the record is in: answer, authority or additional.</summary>
    public MessageSection Section { get; }

    /// <summary>Where in the message the record starts.</summary>
    public int Offset { get; }

    /// <summary>The owner.</summary>
    public DnsNameView Name { get; }

    /// <summary>The type.</summary>
    public RecordType Type { get; }

    /// <summary>The class.</summary>
    public RecordClass Class { get; }

    /// <summary>For how many seconds the record may be kept, 0 to 2^31 - 1: what has the highest bit set counts as 0 (RFC 2181 section 8).</summary>
    public uint Ttl => RawTtl > int.MaxValue ? 0 : RawTtl;

    /// <summary>The data.</summary>
    public RDataView Data { get; }

    internal uint RawTtl { get; }

    /// <summary>Copies the record to the heap.</summary>
    public ResourceRecord ToRecord() => new(Name.ToName(), Ttl, Data.ToRData(), Class);
}
