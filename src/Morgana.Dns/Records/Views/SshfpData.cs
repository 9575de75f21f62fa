namespace Morgana.Dns;

/// <summary>The data of SSHFP (RFC 4255 section 3.1).</summary>
public readonly ref struct SshfpData
{
    private SshfpData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        Algorithm = fields.Bytes[0];
        _ = fields.MoveNext();
        FingerprintType = fields.Bytes[0];
        _ = fields.MoveNext();
        Fingerprint = fields.Bytes;
    }

    /// <summary>The algorithm of the key.</summary>
    public byte Algorithm { get; }

    /// <summary>1 SHA-1, 2 SHA-256.</summary>
    public byte FingerprintType { get; }

    /// <summary>The fingerprint, at least one byte.</summary>
    public ReadOnlySpan<byte> Fingerprint { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out SshfpData result)
    {
        if (data.Type is RecordType.Sshfp && data.IsWellFormed)
        {
            result = new SshfpData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
