using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>The data of RRSIG (RFC 4034 section 3.1).</summary>
public readonly ref struct RrsigData
{
    private RrsigData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        TypeCovered = (RecordType)BinaryPrimitives.ReadUInt16BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Algorithm = fields.Bytes[0];
        _ = fields.MoveNext();
        Labels = fields.Bytes[0];
        _ = fields.MoveNext();
        OriginalTtl = BinaryPrimitives.ReadUInt32BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Expiration = BinaryPrimitives.ReadUInt32BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Inception = BinaryPrimitives.ReadUInt32BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        KeyTag = BinaryPrimitives.ReadUInt16BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Signer = fields.Name;
        _ = fields.MoveNext();
        Signature = fields.Bytes;
    }

    /// <summary>The type of the signed set.</summary>
    public RecordType TypeCovered { get; }

    /// <summary>The algorithm.</summary>
    public byte Algorithm { get; }

    /// <summary>Labels of the owner without the root and a leading asterisk: fewer than the owner has tell of a wildcard.</summary>
    public byte Labels { get; }

    /// <summary>The set's TTL in the zone, in seconds.</summary>
    public uint OriginalTtl { get; }

    /// <summary>Valid until then: seconds since 1970, in serial number arithmetic (RFC 1982).</summary>
    public uint Expiration { get; }

    /// <summary>Valid from then on, likewise.</summary>
    public uint Inception { get; }

    /// <summary>The tag of the signing key.</summary>
    public ushort KeyTag { get; }

    /// <summary>The zone whose key it is.</summary>
    public DnsNameView Signer { get; }

    /// <summary>The signature, at least one byte.</summary>
    public ReadOnlySpan<byte> Signature { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out RrsigData result)
    {
        if (data.Type is RecordType.Rrsig && data.IsWellFormed)
        {
            result = new RrsigData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
