namespace Morgana.Dns;

/// <summary>The keys of service parameters (RFC 9460 section 14.3.2). Any 16-bit value but 65535 may occur.</summary>
public enum ServiceParameterKey : ushort
{
    /// <summary>Keys that a client must understand to use the record.</summary>
    Mandatory = 0,

    /// <summary>Protocols in the order of preference.</summary>
    Alpn = 1,

    /// <summary>The scheme's default protocol is not supported.</summary>
    NoDefaultAlpn = 2,

    /// <summary>The port.</summary>
    Port = 3,

    /// <summary>IPv4 addresses to try while the real ones are looked up.</summary>
    Ipv4Hint = 4,

    /// <summary>An encrypted ClientHello's configuration.</summary>
    Ech = 5,

    /// <summary>IPv6 addresses to try while the real ones are looked up.</summary>
    Ipv6Hint = 6,
}
