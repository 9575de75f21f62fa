namespace Morgana.Dns;

/// <summary>What the data of records is made of. A type is a short list of these; wire and text forms follow from the list.</summary>
internal enum RDataField : byte
{
    /// <summary>8 bits, a decimal number.</summary>
    Byte,

    /// <summary>16 bits, a decimal number.</summary>
    UInt16,

    /// <summary>32 bits, a decimal number.</summary>
    UInt32,

    /// <summary>32 bits, a number of seconds that may be written with units.</summary>
    Seconds,

    /// <summary>32 bits, seconds since 1970 written as YYYYMMDDHHmmSS (RFC 4034 section 3.2).</summary>
    Timestamp,

    /// <summary>16 bits, a record type.</summary>
    Type,

    /// <summary>Four bytes.</summary>
    Ipv4,

    /// <summary>Sixteen bytes.</summary>
    Ipv6,

    /// <summary>A name of the types of RFC 1035, which may be written compressed (RFC 3597 section 4).</summary>
    CompressibleName,

    /// <summary>A name that is never written compressed but understood when it is (RFC 3597 section 4).</summary>
    Name,

    /// <summary>A name that must not be compressed.</summary>
    PlainName,

    /// <summary>A length byte and up to 255 bytes.</summary>
    String,

    /// <summary>The rest: one or more strings.</summary>
    Strings,

    /// <summary>CAA's tag: a length byte and letters or digits (RFC 8659 section 4.1).</summary>
    Tag,

    /// <summary>The rest as one quoted text without a length.</summary>
    QuotedRest,

    /// <summary>The rest in base64, at least one byte.</summary>
    Base64Rest,

    /// <summary>The rest in hexadecimal, at least one byte.</summary>
    HexRest,

    /// <summary>A length byte and that many bytes in hexadecimal, a dash when empty (RFC 5155 section 3.3).</summary>
    Salt,

    /// <summary>A length byte and that many bytes in base32hex (RFC 5155 section 3.3).</summary>
    Hash,

    /// <summary>The rest: a type bitmap (RFC 4034 section 4.1.2).</summary>
    TypeBitmap,

    /// <summary>The rest: service parameters (RFC 9460 section 2.2).</summary>
    ServiceParameters,

    /// <summary>The rest: a protocol number and a bitmap of ports (RFC 1035 section 3.4.2).</summary>
    Services,

    /// <summary>The rest: EDNS options (RFC 6891 section 6.1.2).</summary>
    Options,

    /// <summary>The rest, whatever it is.</summary>
    Opaque,
}
