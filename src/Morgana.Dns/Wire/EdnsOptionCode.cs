namespace Morgana.Dns;

/// <summary>EDNS options (IANA registry "DNS EDNS0 Option Codes"). Any 16-bit value may occur.</summary>
public enum EdnsOptionCode : ushort
{
    /// <summary>Name server identifier (RFC 5001).</summary>
    Nsid = 3,

    /// <summary>Client subnet (RFC 7871).</summary>
    ClientSubnet = 8,

    /// <summary>Cookie (RFC 7873).</summary>
    Cookie = 10,

    /// <summary>TCP keepalive (RFC 7828).</summary>
    TcpKeepalive = 11,

    /// <summary>Padding (RFC 7830).</summary>
    Padding = 12,

    /// <summary>Extended DNS error (RFC 8914).</summary>
    ExtendedError = 15,
}
