namespace Morgana.Dns;

/// <summary>The data of NSEC (RFC 4034 section 4.1).</summary>
public readonly ref struct NsecData
{
    private NsecData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        NextName = fields.Name;
        _ = fields.MoveNext();
        Types = new TypeBitmapView(fields.Bytes);
    }

    /// <summary>The next owner in the zone's canonical order.</summary>
    public DnsNameView NextName { get; }

    /// <summary>The types at this owner.</summary>
    public TypeBitmapView Types { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out NsecData result)
    {
        if (data.Type is RecordType.Nsec && data.IsWellFormed)
        {
            result = new NsecData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
