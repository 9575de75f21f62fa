using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>The data of SOA (RFC 1035 section 3.3.13).</summary>
public readonly ref struct SoaData
{
    private SoaData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        PrimaryServer = fields.Name;
        _ = fields.MoveNext();
        Mailbox = fields.Name;
        _ = fields.MoveNext();
        Serial = BinaryPrimitives.ReadUInt32BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Refresh = BinaryPrimitives.ReadUInt32BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Retry = BinaryPrimitives.ReadUInt32BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Expire = BinaryPrimitives.ReadUInt32BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Minimum = BinaryPrimitives.ReadUInt32BigEndian(fields.Bytes);
    }

    /// <summary>The zone's primary server, MNAME.</summary>
    public DnsNameView PrimaryServer { get; }

    /// <summary>The mailbox of the person in charge with a dot for the @, RNAME.</summary>
    public DnsNameView Mailbox { get; }

    /// <summary>The version of the zone, in serial number arithmetic (RFC 1982).</summary>
    public uint Serial { get; }

    /// <summary>Seconds between a secondary's looks at the serial.</summary>
    public uint Refresh { get; }

    /// <summary>Seconds before a failed look is repeated.</summary>
    public uint Retry { get; }

    /// <summary>Seconds after which a secondary that hears nothing stops answering.</summary>
    public uint Expire { get; }

    /// <summary>Seconds for which the absence of a record may be remembered, with the SOA's own TTL as the other bound (RFC 2308 section 5).</summary>
    public uint Minimum { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out SoaData result)
    {
        if (data.Type is RecordType.Soa && data.IsWellFormed)
        {
            result = new SoaData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
