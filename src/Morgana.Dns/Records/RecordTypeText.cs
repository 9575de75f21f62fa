using System.Globalization;

namespace Morgana.Dns;

/// <summary>The names of record types and classes in master files, and the numbered forms of RFC 3597 section 5.</summary>
public static class RecordTypeText
{
    // A plain list: names of types are read and printed for people only, and a dictionary would cost an image more than it saves.
    private static readonly (RecordType Type, string Text)[] All =
    [
        (RecordType.A, "A"),
        (RecordType.Ns, "NS"),
        (RecordType.Md, "MD"),
        (RecordType.Mf, "MF"),
        (RecordType.Cname, "CNAME"),
        (RecordType.Soa, "SOA"),
        (RecordType.Mb, "MB"),
        (RecordType.Mg, "MG"),
        (RecordType.Mr, "MR"),
        (RecordType.Null, "NULL"),
        (RecordType.Wks, "WKS"),
        (RecordType.Ptr, "PTR"),
        (RecordType.Hinfo, "HINFO"),
        (RecordType.Minfo, "MINFO"),
        (RecordType.Mx, "MX"),
        (RecordType.Txt, "TXT"),
        (RecordType.Rp, "RP"),
        (RecordType.Afsdb, "AFSDB"),
        (RecordType.Aaaa, "AAAA"),
        (RecordType.Srv, "SRV"),
        (RecordType.Naptr, "NAPTR"),
        (RecordType.Kx, "KX"),
        (RecordType.Dname, "DNAME"),
        (RecordType.Opt, "OPT"),
        (RecordType.Ds, "DS"),
        (RecordType.Sshfp, "SSHFP"),
        (RecordType.Rrsig, "RRSIG"),
        (RecordType.Nsec, "NSEC"),
        (RecordType.Dnskey, "DNSKEY"),
        (RecordType.Nsec3, "NSEC3"),
        (RecordType.Nsec3Param, "NSEC3PARAM"),
        (RecordType.Tlsa, "TLSA"),
        (RecordType.Smimea, "SMIMEA"),
        (RecordType.Cds, "CDS"),
        (RecordType.Cdnskey, "CDNSKEY"),
        (RecordType.OpenPgpKey, "OPENPGPKEY"),
        (RecordType.Csync, "CSYNC"),
        (RecordType.ZoneMd, "ZONEMD"),
        (RecordType.Svcb, "SVCB"),
        (RecordType.Https, "HTTPS"),
        (RecordType.Spf, "SPF"),
        (RecordType.Ixfr, "IXFR"),
        (RecordType.Axfr, "AXFR"),
        (RecordType.Mailb, "MAILB"),
        (RecordType.Maila, "MAILA"),
        (RecordType.Any, "ANY"),
        (RecordType.Uri, "URI"),
        (RecordType.Caa, "CAA"),
    ];

    /// <summary>The type as a master file writes it: MX, or TYPE65280 where it has no name here.</summary>
    public static string ToText(this RecordType type)
    {
        foreach ((RecordType known, string text) in All)
        {
            if (known == type)
            {
                return text;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"TYPE{(ushort)type}");
    }

    /// <summary>The class as a master file writes it: IN, or CLASS254 where it has no name here.</summary>
    public static string ToText(this RecordClass value) =>
        value switch
        {
            RecordClass.Internet => "IN",
            RecordClass.Chaos => "CH",
            RecordClass.Hesiod => "HS",
            RecordClass.None => "NONE",
            RecordClass.Any => "ANY",
            _ => string.Create(CultureInfo.InvariantCulture, $"CLASS{(ushort)value}"),
        };

    /// <summary>Reads a type's name in any case, or TYPEn with n from 0 to 65535.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RecordType type)
    {
        foreach ((RecordType known, string name) in All)
        {
            if (text.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                type = known;
                return true;
            }
        }

        bool numbered = TryParseNumber(text, "TYPE", out ushort number);
        type = (RecordType)number;
        return numbered;
    }

    /// <summary>Reads a class's name in any case, or CLASSn with n from 0 to 65535.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out RecordClass value)
    {
        foreach (
            RecordClass known in (ReadOnlySpan<RecordClass>)
                [
                    RecordClass.Internet,
                    RecordClass.Chaos,
                    RecordClass.Hesiod,
                    RecordClass.None,
                    RecordClass.Any,
                ]
        )
        {
            if (text.Equals(known.ToText(), StringComparison.OrdinalIgnoreCase))
            {
                value = known;
                return true;
            }
        }

        bool numbered = TryParseNumber(text, "CLASS", out ushort number);
        value = (RecordClass)number;
        return numbered;
    }

    /// <summary>True for what may only be asked for or only occurs in messages, never in a zone: OPT and 128 to 255 (RFC 6895 section 3.1).</summary>
    public static bool IsMeta(this RecordType type) =>
        type is RecordType.None or RecordType.Opt or (>= (RecordType)128 and <= RecordType.Any);

    private static bool TryParseNumber(ReadOnlySpan<char> text, string prefix, out ushort number)
    {
        number = 0;
        return text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            && ushort.TryParse(
                text[prefix.Length..],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out number
            );
    }
}
