using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>The data of DNSKEY and CDNSKEY (RFC 4034 section 2.1).</summary>
public readonly ref struct DnskeyData
{
    private DnskeyData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        Flags = BinaryPrimitives.ReadUInt16BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Protocol = fields.Bytes[0];
        _ = fields.MoveNext();
        Algorithm = fields.Bytes[0];
        _ = fields.MoveNext();
        PublicKey = fields.Bytes;
    }

    /// <summary>0x0100 zone key, 0x0001 secure entry point, 0x0080 revoked (RFC 5011).</summary>
    public ushort Flags { get; }

    /// <summary>3.</summary>
    public byte Protocol { get; }

    /// <summary>The algorithm.</summary>
    public byte Algorithm { get; }

    /// <summary>The key, at least one byte.</summary>
    public ReadOnlySpan<byte> PublicKey { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out DnskeyData result)
    {
        if (data.Type is RecordType.Dnskey or RecordType.Cdnskey && data.IsWellFormed)
        {
            result = new DnskeyData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
