namespace Morgana.Dns;

/// <summary>The class of a record or a question (RFC 1035 section 3.2.4, RFC 6895 section 3.2). Any 16-bit value may occur.</summary>
public enum RecordClass : ushort
{
    /// <summary>The Internet, IN.</summary>
    Internet = 1,

    /// <summary>Chaosnet, CH; in use for asking servers about themselves.</summary>
    Chaos = 3,

    /// <summary>Hesiod, HS.</summary>
    Hesiod = 4,

    /// <summary>No class: in updates only (RFC 2136).</summary>
    None = 254,

    /// <summary>Every class, in questions only.</summary>
    Any = 255,
}
