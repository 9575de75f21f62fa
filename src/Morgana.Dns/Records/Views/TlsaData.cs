namespace Morgana.Dns;

/// <summary>The data of TLSA and SMIMEA (RFC 6698 section 2.1).</summary>
public readonly ref struct TlsaData
{
    private TlsaData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        Usage = fields.Bytes[0];
        _ = fields.MoveNext();
        Selector = fields.Bytes[0];
        _ = fields.MoveNext();
        MatchingType = fields.Bytes[0];
        _ = fields.MoveNext();
        Association = fields.Bytes;
    }

    /// <summary>What the certificate is compared with.</summary>
    public byte Usage { get; }

    /// <summary>Which part of the certificate is compared.</summary>
    public byte Selector { get; }

    /// <summary>How: 0 whole, 1 SHA-256, 2 SHA-512.</summary>
    public byte MatchingType { get; }

    /// <summary>The data to compare with, at least one byte.</summary>
    public ReadOnlySpan<byte> Association { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out TlsaData result)
    {
        if (data.Type is RecordType.Tlsa or RecordType.Smimea && data.IsWellFormed)
        {
            result = new TlsaData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
