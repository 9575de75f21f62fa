namespace Morgana.Dns;

/// <summary>The data of HINFO (RFC 1035 section 3.3.2).</summary>
public readonly ref struct HinfoData
{
    private HinfoData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        Cpu = fields.Bytes[1..];
        _ = fields.MoveNext();
        System = fields.Bytes[1..];
    }

    /// <summary>The type of CPU, 0 to 255 bytes; RFC8482 in minimal answers to ANY.</summary>
    public ReadOnlySpan<byte> Cpu { get; }

    /// <summary>The operating system, 0 to 255 bytes.</summary>
    public ReadOnlySpan<byte> System { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out HinfoData result)
    {
        if (data.Type is RecordType.Hinfo && data.IsWellFormed)
        {
            result = new HinfoData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
