namespace Morgana.Dns;

/// <summary>The data of MINFO (RFC 1035 section 3.3.7).</summary>
public readonly ref struct MinfoData
{
    private MinfoData(RDataFieldReader fields)
    {
        _ = fields.MoveNext();
        Responsible = fields.Name;
        _ = fields.MoveNext();
        Errors = fields.Name;
    }

    /// <summary>The mailbox in charge of a mailing list, RMAILBX.</summary>
    public DnsNameView Responsible { get; }

    /// <summary>The mailbox for its error messages, EMAILBX.</summary>
    public DnsNameView Errors { get; }

    /// <summary>Reads the fields in place.</summary>
    /// <returns>False for data of another type, and for malformed data.</returns>
    public static bool TryRead(RDataView data, out MinfoData result)
    {
        if (data.Type is RecordType.Minfo && data.IsWellFormed)
        {
            result = new MinfoData(data.Fields);
            return true;
        }

        result = default;
        return false;
    }
}
