namespace Morgana.Dns;

/// <summary>What became of a question; 12 bits with EDNS, any value from 0 to 4095 may occur (RFC 6895 section 2.3).</summary>
public enum ResponseCode : ushort
{
    /// <summary>Answered; there may be no data.</summary>
    NoError = 0,

    /// <summary>FORMERR: the server could not read the message.</summary>
    FormatError = 1,

    /// <summary>SERVFAIL: the server failed.</summary>
    ServerFailure = 2,

    /// <summary>NXDOMAIN: the name does not exist.</summary>
    NameError = 3,

    /// <summary>NOTIMP: not this kind of question.</summary>
    NotImplemented = 4,

    /// <summary>REFUSED: as a matter of policy.</summary>
    Refused = 5,

    /// <summary>YXDOMAIN: a name exists that should not; also a DNAME result that is too long (RFC 6672).</summary>
    NameExists = 6,

    /// <summary>NOTAUTH: not authoritative (RFC 2136).</summary>
    NotAuthoritative = 9,

    /// <summary>BADVERS: not this version of EDNS (RFC 6891).</summary>
    BadVersion = 16,

    /// <summary>BADCOOKIE: a good cookie is wanted (RFC 7873).</summary>
    BadCookie = 23,
}
