namespace Morgana.Dns;

/// <summary>What an authoritative server's reply means for the question that it was asked.</summary>
internal enum ReplyKind
{
    /// <summary>The chain ends in the set asked for.</summary>
    Answer,

    /// <summary>The chain leads to another name, about which this reply says nothing more.</summary>
    Alias,

    /// <summary>The last name of the chain has no such records.</summary>
    NoData,

    /// <summary>The last name of the chain does not exist.</summary>
    NameError,

    /// <summary>A zone further down knows.</summary>
    Referral,

    /// <summary>The server does not serve the zone, whatever the parent said.</summary>
    Lame,

    /// <summary>The server cannot answer now: SERVFAIL and other codes.</summary>
    ServerFailure,

    /// <summary>The server stumbled over EDNS.</summary>
    EdnsRefused,

    /// <summary>Cut off: too long for a datagram.</summary>
    Truncated,

    /// <summary>Not a good message, or one that contradicts itself.</summary>
    Malformed,

    /// <summary>DNAME led to a name that is too long: YXDOMAIN (RFC 6672 section 2.2).</summary>
    NameTooLong,
}
