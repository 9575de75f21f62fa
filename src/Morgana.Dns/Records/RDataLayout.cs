using F = Morgana.Dns.RDataField;

namespace Morgana.Dns;

/// <summary>
/// How the data of each type is laid out. One table instead of a class per type: checking, expanding, compressing, comparing,
/// printing and parsing are each written once, and a new type is one line.
/// </summary>
internal sealed class RDataLayout
{
    private static readonly RDataLayout Unknown = new([F.Opaque], false);

    private static readonly RDataLayout?[] Table = NewTable();

    private RDataLayout(F[] fields, bool foldsCase)
    {
        Fields = fields;
        FoldsCase = foldsCase;
        foreach (F field in fields)
        {
            HasNames |= field is F.CompressibleName or F.Name or F.PlainName;
        }
    }

    /// <summary>The fields in order.</summary>
    public F[] Fields { get; }

    /// <summary>Whether any field is a name.</summary>
    public bool HasNames { get; }

    /// <summary>Whether the canonical form has its names in lower case (RFC 4034 section 6.2 as corrected by RFC 6840 section 5.1).</summary>
    public bool FoldsCase { get; }

    /// <summary>True where nothing is known about the type's data.</summary>
    public bool IsUnknown => ReferenceEquals(this, Unknown);

    /// <summary>The layout of a type in a class.</summary>
    public static RDataLayout Of(RecordType type, RecordClass recordClass)
    {
        RDataLayout? layout = (int)type < Table.Length ? Table[(int)type] : null;
        // What the class decides the format of (RFC 3597 section 4), known here for IN only.
        return
            layout is null
            || (
                recordClass != RecordClass.Internet
                && type
                    is RecordType.A
                        or RecordType.Wks
                        or RecordType.Aaaa
                        or RecordType.Srv
                        or RecordType.Naptr
                        or RecordType.Kx
                        or RecordType.Svcb
                        or RecordType.Https
            )
            ? Unknown
            : layout;
    }

    private static RDataLayout?[] NewTable()
    {
        var table = new RDataLayout?[(int)RecordType.Caa + 1];
        void Add(RecordType type, params F[] fields) => table[(int)type] = new(fields, false);
        void AddFolding(RecordType type, params F[] fields) => table[(int)type] = new(fields, true);

        Add(RecordType.A, F.Ipv4);
        AddFolding(RecordType.Ns, F.CompressibleName);
        AddFolding(RecordType.Md, F.CompressibleName);
        AddFolding(RecordType.Mf, F.CompressibleName);
        AddFolding(RecordType.Cname, F.CompressibleName);
        AddFolding(
            RecordType.Soa,
            F.CompressibleName,
            F.CompressibleName,
            F.UInt32,
            F.Seconds,
            F.Seconds,
            F.Seconds,
            F.Seconds
        );
        AddFolding(RecordType.Mb, F.CompressibleName);
        AddFolding(RecordType.Mg, F.CompressibleName);
        AddFolding(RecordType.Mr, F.CompressibleName);
        Add(RecordType.Null, F.Opaque);
        Add(RecordType.Wks, F.Ipv4, F.Services);
        AddFolding(RecordType.Ptr, F.CompressibleName);
        Add(RecordType.Hinfo, F.String, F.String);
        AddFolding(RecordType.Minfo, F.CompressibleName, F.CompressibleName);
        AddFolding(RecordType.Mx, F.UInt16, F.CompressibleName);
        Add(RecordType.Txt, F.Strings);
        AddFolding(RecordType.Rp, F.Name, F.Name);
        AddFolding(RecordType.Afsdb, F.UInt16, F.Name);
        Add(RecordType.Aaaa, F.Ipv6);
        AddFolding(RecordType.Srv, F.UInt16, F.UInt16, F.UInt16, F.Name);
        AddFolding(RecordType.Naptr, F.UInt16, F.UInt16, F.String, F.String, F.String, F.Name);
        AddFolding(RecordType.Kx, F.UInt16, F.Name);
        AddFolding(RecordType.Dname, F.PlainName);
        Add(RecordType.Opt, F.Options);
        Add(RecordType.Ds, F.UInt16, F.Byte, F.Byte, F.HexRest);
        Add(RecordType.Sshfp, F.Byte, F.Byte, F.HexRest);
        AddFolding(
            RecordType.Rrsig,
            F.Type,
            F.Byte,
            F.Byte,
            F.UInt32,
            F.Timestamp,
            F.Timestamp,
            F.UInt16,
            F.PlainName,
            F.Base64Rest
        );
        // RFC 6840 section 5.1: NSEC keeps the case of its name.
        Add(RecordType.Nsec, F.PlainName, F.TypeBitmap);
        Add(RecordType.Dnskey, F.UInt16, F.Byte, F.Byte, F.Base64Rest);
        Add(RecordType.Nsec3, F.Byte, F.Byte, F.UInt16, F.Salt, F.Hash, F.TypeBitmap);
        Add(RecordType.Nsec3Param, F.Byte, F.Byte, F.UInt16, F.Salt);
        Add(RecordType.Tlsa, F.Byte, F.Byte, F.Byte, F.HexRest);
        Add(RecordType.Smimea, F.Byte, F.Byte, F.Byte, F.HexRest);
        Add(RecordType.Cds, F.UInt16, F.Byte, F.Byte, F.HexRest);
        Add(RecordType.Cdnskey, F.UInt16, F.Byte, F.Byte, F.Base64Rest);
        Add(RecordType.OpenPgpKey, F.Base64Rest);
        Add(RecordType.Csync, F.UInt32, F.UInt16, F.TypeBitmap);
        Add(RecordType.ZoneMd, F.UInt32, F.Byte, F.Byte, F.HexRest);
        Add(RecordType.Svcb, F.UInt16, F.PlainName, F.ServiceParameters);
        Add(RecordType.Https, F.UInt16, F.PlainName, F.ServiceParameters);
        Add(RecordType.Spf, F.Strings);
        Add(RecordType.Uri, F.UInt16, F.UInt16, F.QuotedRest);
        Add(RecordType.Caa, F.Byte, F.Tag, F.QuotedRest);
        return table;
    }
}
