namespace Morgana.Dns;

/// <summary>The one-bit fields of a header, at their places (RFC 1035 section 4.1.1, RFC 4035 section 3.1.6 and 3.2.2).</summary>
[Flags]
public enum HeaderFlags : ushort
{
    /// <summary>None is set.</summary>
    None = 0,

    /// <summary>QR: an answer.</summary>
    Response = 0x8000,

    /// <summary>AA: from a server that has authority over the name asked for.</summary>
    Authoritative = 0x0400,

    /// <summary>TC: cut to fit.</summary>
    Truncated = 0x0200,

    /// <summary>RD: the server shall find the answer out.</summary>
    RecursionDesired = 0x0100,

    /// <summary>RA: the server does find answers out.</summary>
    RecursionAvailable = 0x0080,

    /// <summary>Z: must be zero.</summary>
    Reserved = 0x0040,

    /// <summary>AD: the data was validated (RFC 4035).</summary>
    AuthenticData = 0x0020,

    /// <summary>CD: the asker validates itself (RFC 4035).</summary>
    CheckingDisabled = 0x0010,
}
