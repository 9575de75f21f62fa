namespace Morgana.Dns;

/// <summary>The data of CAA (RFC 8659 section 4).</summary>
public readonly ref struct CaaData
{
    private CaaData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        Flags = fields.Bytes[0];
        _ = fields.MoveNext();
        Tag = fields.Bytes[1..];
        _ = fields.MoveNext();
        Value = fields.Bytes;
    }

    /// <summary>Bit 7 set: who does not understand the tag must not issue.</summary>
    public byte Flags { get; }

    /// <summary>issue, issuewild, iodef and others; 1 to 255 letters and digits in any case.</summary>
    public ReadOnlySpan<byte> Tag { get; }

    /// <summary>The value, as the tag defines it.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out CaaData result)
    {
        if (data.Type is RecordType.Caa && data.IsWellFormed)
        {
            result = new CaaData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
