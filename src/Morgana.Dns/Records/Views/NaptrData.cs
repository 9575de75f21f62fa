using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>The data of NAPTR (RFC 3403 section 4.1).</summary>
public readonly ref struct NaptrData
{
    private NaptrData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        Order = BinaryPrimitives.ReadUInt16BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Preference = BinaryPrimitives.ReadUInt16BigEndian(fields.Bytes);
        _ = fields.MoveNext();
        Flags = fields.Bytes[1..];
        _ = fields.MoveNext();
        Services = fields.Bytes[1..];
        _ = fields.MoveNext();
        Regexp = fields.Bytes[1..];
        _ = fields.MoveNext();
        Replacement = fields.Name;
    }

    /// <summary>Lower is processed first, 0 to 65535.</summary>
    public ushort Order { get; }

    /// <summary>Lower is tried first among the same order, 0 to 65535.</summary>
    public ushort Preference { get; }

    /// <summary>Letters and digits that end or continue the rewriting, 0 to 255 bytes.</summary>
    public ReadOnlySpan<byte> Flags { get; }

    /// <summary>Service and protocol, 0 to 255 bytes.</summary>
    public ReadOnlySpan<byte> Services { get; }

    /// <summary>A substitution expression, 0 to 255 bytes.</summary>
    public ReadOnlySpan<byte> Regexp { get; }

    /// <summary>The next name to ask for; the root when there is an expression.</summary>
    public DnsNameView Replacement { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out NaptrData result)
    {
        if (data.Type is RecordType.Naptr && data.IsWellFormed)
        {
            result = new NaptrData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
