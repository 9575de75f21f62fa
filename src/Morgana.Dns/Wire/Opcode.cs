namespace Morgana.Dns;

/// <summary>The kind of a question; any value from 0 to 15 may occur (RFC 6895 section 2.2).</summary>
public enum Opcode : byte
{
    /// <summary>A standard query (RFC 1035).</summary>
    Query = 0,

    /// <summary>An inverse query, retired (RFC 3425).</summary>
    InverseQuery = 1,

    /// <summary>Asks for a server's status (RFC 1035).</summary>
    Status = 2,

    /// <summary>Tells a secondary of a change (RFC 1996).</summary>
    Notify = 4,

    /// <summary>Changes a zone (RFC 2136).</summary>
    Update = 5,
}
