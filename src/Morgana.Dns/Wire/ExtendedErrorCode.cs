namespace Morgana.Dns;

/// <summary>What happened, in more detail than a response code (RFC 8914 section 4). Any 16-bit value may occur.</summary>
public enum ExtendedErrorCode : ushort
{
    /// <summary>Something else.</summary>
    Other = 0,

    /// <summary>No DNSKEY algorithm is supported.</summary>
    UnsupportedDnskeyAlgorithm = 1,

    /// <summary>No DS digest is supported.</summary>
    UnsupportedDsDigest = 2,

    /// <summary>The answer is older than its TTL (RFC 8767).</summary>
    StaleAnswer = 3,

    /// <summary>Changed by policy.</summary>
    ForgedAnswer = 4,

    /// <summary>It can be neither validated nor said to be unsigned.</summary>
    DnssecIndeterminate = 5,

    /// <summary>Validation failed.</summary>
    DnssecBogus = 6,

    /// <summary>The signature is past its time.</summary>
    SignatureExpired = 7,

    /// <summary>The signature is before its time.</summary>
    SignatureNotYetValid = 8,

    /// <summary>No DNSKEY matches the DS.</summary>
    DnskeyMissing = 9,

    /// <summary>There is no signature.</summary>
    RrsigsMissing = 10,

    /// <summary>No DNSKEY is a zone key.</summary>
    NoZoneKeyBit = 11,

    /// <summary>A proof of non-existence is missing.</summary>
    NsecMissing = 12,

    /// <summary>A failure that was remembered.</summary>
    CachedError = 13,

    /// <summary>The server is not ready yet.</summary>
    NotReady = 14,

    /// <summary>Blocked by the operator.</summary>
    Blocked = 15,

    /// <summary>Blocked by somebody else's demand.</summary>
    Censored = 16,

    /// <summary>Blocked by the client's own wish.</summary>
    Filtered = 17,

    /// <summary>This client may not ask.</summary>
    Prohibited = 18,

    /// <summary>NXDOMAIN that is older than its TTL.</summary>
    StaleNxdomainAnswer = 19,

    /// <summary>The server has no authority over the name.</summary>
    NotAuthoritative = 20,

    /// <summary>Not this kind of question.</summary>
    NotSupported = 21,

    /// <summary>No authoritative server could be reached.</summary>
    NoReachableAuthority = 22,

    /// <summary>The network failed.</summary>
    NetworkError = 23,

    /// <summary>The zone's data is not usable.</summary>
    InvalidData = 24,
}
