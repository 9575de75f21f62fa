namespace Morgana.Dns;

/// <summary>Why bytes are not a DNS message, name or record. Nothing else can happen when one is read.</summary>
public enum WireError
{
    /// <summary>Nothing is wrong.</summary>
    None = 0,

    /// <summary>The bytes end before what they announce.</summary>
    Truncated,

    /// <summary>A name is longer than 255 bytes (RFC 1035 section 2.3.4).</summary>
    NameTooLong,

    /// <summary>A label starts with bits 01 or 10, which no standard in force gives a meaning (RFC 6891 section 5).</summary>
    LabelType,

    /// <summary>A compression pointer does not point to earlier in the message than the name it continues, or into the header.</summary>
    PointerNotBackward,

    /// <summary>A name jumps more often than it could have labels.</summary>
    TooManyPointers,

    /// <summary>A compressed name where the record type forbids it (RFC 3597 section 4), or outside a message.</summary>
    CompressionForbidden,

    /// <summary>The fields of a record's data do not fill exactly the length that is announced.</summary>
    DataLength,

    /// <summary>A field of a record's data holds what its type forbids.</summary>
    DataValue,

    /// <summary>An OPT record outside the additional section, with an owner other than the root, or a second one (RFC 6891 section 6.1.1).</summary>
    MisplacedOpt,

    /// <summary>Bytes are left after the last record that the header counts.</summary>
    TrailingBytes,
}
