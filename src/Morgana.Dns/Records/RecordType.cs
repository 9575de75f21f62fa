namespace Morgana.Dns;

/// <summary>The type of a record, or of what is asked for (IANA registry "Resource Record (RR) TYPEs"). Any 16-bit value may occur.</summary>
public enum RecordType : ushort
{
    /// <summary>Not a type (reserved by RFC 6895).</summary>
    None = 0,

    /// <summary>An IPv4 address (RFC 1035).</summary>
    A = 1,

    /// <summary>An authoritative name server (RFC 1035).</summary>
    Ns = 2,

    /// <summary>A mail destination, obsolete (RFC 1035).</summary>
    Md = 3,

    /// <summary>A mail forwarder, obsolete (RFC 1035).</summary>
    Mf = 4,

    /// <summary>The canonical name of an alias (RFC 1035).</summary>
    Cname = 5,

    /// <summary>The start of a zone (RFC 1035).</summary>
    Soa = 6,

    /// <summary>A mailbox's host, experimental (RFC 1035).</summary>
    Mb = 7,

    /// <summary>A mail group member, experimental (RFC 1035).</summary>
    Mg = 8,

    /// <summary>A renamed mailbox, experimental (RFC 1035).</summary>
    Mr = 9,

    /// <summary>Anything, experimental (RFC 1035).</summary>
    Null = 10,

    /// <summary>Well-known services (RFC 1035).</summary>
    Wks = 11,

    /// <summary>A pointer to another name (RFC 1035).</summary>
    Ptr = 12,

    /// <summary>Host information (RFC 1035).</summary>
    Hinfo = 13,

    /// <summary>Mailbox information (RFC 1035).</summary>
    Minfo = 14,

    /// <summary>A mail exchange (RFC 1035).</summary>
    Mx = 15,

    /// <summary>Text (RFC 1035).</summary>
    Txt = 16,

    /// <summary>A responsible person (RFC 1183).</summary>
    Rp = 17,

    /// <summary>An AFS cell's database (RFC 1183).</summary>
    Afsdb = 18,

    /// <summary>An IPv6 address (RFC 3596).</summary>
    Aaaa = 28,

    /// <summary>Where a service is (RFC 2782).</summary>
    Srv = 33,

    /// <summary>A rule for rewriting names (RFC 3403).</summary>
    Naptr = 35,

    /// <summary>A key exchanger (RFC 2230).</summary>
    Kx = 36,

    /// <summary>An alias for a whole subtree (RFC 6672).</summary>
    Dname = 39,

    /// <summary>The pseudo-record of EDNS (RFC 6891).</summary>
    Opt = 41,

    /// <summary>The digest of a child zone's key (RFC 4034).</summary>
    Ds = 43,

    /// <summary>An SSH key's fingerprint (RFC 4255).</summary>
    Sshfp = 44,

    /// <summary>A signature (RFC 4034).</summary>
    Rrsig = 46,

    /// <summary>The next name in the zone, and the types at this one (RFC 4034).</summary>
    Nsec = 47,

    /// <summary>A zone's public key (RFC 4034).</summary>
    Dnskey = 48,

    /// <summary>The next hashed name, and the types at this one (RFC 5155).</summary>
    Nsec3 = 50,

    /// <summary>How a zone hashes names (RFC 5155).</summary>
    Nsec3Param = 51,

    /// <summary>A certificate association (RFC 6698).</summary>
    Tlsa = 52,

    /// <summary>A certificate association for mail (RFC 8162).</summary>
    Smimea = 53,

    /// <summary>A DS wanted at the parent (RFC 7344).</summary>
    Cds = 59,

    /// <summary>A DNSKEY wanted at the parent (RFC 7344).</summary>
    Cdnskey = 60,

    /// <summary>An OpenPGP key (RFC 7929).</summary>
    OpenPgpKey = 61,

    /// <summary>What a parent is to take over from a child (RFC 7477).</summary>
    Csync = 62,

    /// <summary>A digest over a zone (RFC 8976).</summary>
    ZoneMd = 63,

    /// <summary>How to reach a service (RFC 9460).</summary>
    Svcb = 64,

    /// <summary>How to reach a web origin (RFC 9460).</summary>
    Https = 65,

    /// <summary>Text for mail senders, obsolete (RFC 7208).</summary>
    Spf = 99,

    /// <summary>Asks for an incremental transfer (RFC 1995).</summary>
    Ixfr = 251,

    /// <summary>Asks for a zone transfer (RFC 5936).</summary>
    Axfr = 252,

    /// <summary>Asks for mailbox records (RFC 1035).</summary>
    Mailb = 253,

    /// <summary>Asks for mail agents, obsolete (RFC 1035).</summary>
    Maila = 254,

    /// <summary>Asks for any or all types (RFC 1035, RFC 8482).</summary>
    Any = 255,

    /// <summary>A URI (RFC 7553).</summary>
    Uri = 256,

    /// <summary>Which authorities may issue certificates (RFC 8659).</summary>
    Caa = 257,
}
