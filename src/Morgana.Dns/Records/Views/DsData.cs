using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>The data of DS and CDS (RFC 4034 section 5.1).</summary>
public readonly ref struct DsData
{
    private DsData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        KeyTag = BinaryPrimitives.ReadUInt16BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Algorithm = fields.Bytes[0];
        _ = fields.MoveNext();
        DigestType = fields.Bytes[0];
        _ = fields.MoveNext();
        Digest = fields.Bytes;
    }

    /// <summary>The tag of the DNSKEY.</summary>
    public ushort KeyTag { get; }

    /// <summary>The algorithm of the DNSKEY.</summary>
    public byte Algorithm { get; }

    /// <summary>How the digest is made.</summary>
    public byte DigestType { get; }

    /// <summary>The digest, at least one byte.</summary>
    public ReadOnlySpan<byte> Digest { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out DsData result)
    {
        if (data.Type is RecordType.Ds or RecordType.Cds && data.IsWellFormed)
        {
            result = new DsData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
