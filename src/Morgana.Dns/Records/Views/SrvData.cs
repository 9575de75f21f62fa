using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>The data of SRV (RFC 2782).</summary>
public readonly ref struct SrvData
{
    private SrvData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        Priority = BinaryPrimitives.ReadUInt16BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Weight = BinaryPrimitives.ReadUInt16BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Port = BinaryPrimitives.ReadUInt16BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Target = fields.Name;
    }

    /// <summary>Lower is tried first, 0 to 65535.</summary>
    public ushort Priority { get; }

    /// <summary>The share among those of the same priority, 0 to 65535.</summary>
    public ushort Weight { get; }

    /// <summary>The port, 0 to 65535.</summary>
    public ushort Port { get; }

    /// <summary>The host; the root says that the service does not exist.</summary>
    public DnsNameView Target { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out SrvData result)
    {
        if (data.Type is RecordType.Srv && data.IsWellFormed)
        {
            result = new SrvData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
