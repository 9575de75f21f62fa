using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>The data of MX (RFC 1035 section 3.3.9).</summary>
public readonly ref struct MxData
{
    private MxData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        Preference = BinaryPrimitives.ReadUInt16BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Exchange = fields.Name;
    }

    /// <summary>Lower is tried first, 0 to 65535.</summary>
    public ushort Preference { get; }

    /// <summary>The mail host.</summary>
    public DnsNameView Exchange { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out MxData result)
    {
        if (data.Type is RecordType.Mx && data.IsWellFormed)
        {
            result = new MxData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
