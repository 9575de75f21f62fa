using Morgana.Net;

namespace Morgana.Dns;

/// <summary>The data of WKS (RFC 1035 section 3.4.2).</summary>
public readonly ref struct WksData
{
    private WksData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        Address = IpAddress.ReadV4(fields.Bytes);
        _ = fields.MoveNext();
        Protocol = fields.Bytes[0];
        Ports = fields.Bytes[1..];
    }

    /// <summary>The host.</summary>
    public IpAddress Address { get; }

    /// <summary>The number of the protocol above IP: 6 for TCP, 17 for UDP.</summary>
    public byte Protocol { get; }

    /// <summary>A bit for each port from 0, the highest bit first; 0 to 8192 bytes.</summary>
    public ReadOnlySpan<byte> Ports { get; }

    /// <summary>True when the service at this port is there.</summary>
    public bool HasPort(ushort port) =>
        port / 8 < Ports.Length && (Ports[port / 8] & 0x80 >> port % 8) != 0;

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out WksData result)
    {
        if (data.Type is RecordType.Wks && data.IsWellFormed)
        {
            result = new WksData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
