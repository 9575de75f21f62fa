using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>The data of SVCB and HTTPS (RFC 9460 section 2.2).</summary>
public readonly ref struct SvcbData
{
    private SvcbData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        Priority = BinaryPrimitives.ReadUInt16BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Target = fields.Name;
        _ = fields.MoveNext();
        Parameters = new ServiceParametersView(fields.Bytes);
    }

    /// <summary>0 is an alias; else lower is tried first.</summary>
    public ushort Priority { get; }

    /// <summary>The host; the root means the owner itself, or with priority 0 that the service does not exist.</summary>
    public DnsNameView Target { get; }

    /// <summary>The parameters, in increasing order of their keys, checked.</summary>
    public ServiceParametersView Parameters { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out SvcbData result)
    {
        if (data.Type is RecordType.Svcb or RecordType.Https && data.IsWellFormed)
        {
            result = new SvcbData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
