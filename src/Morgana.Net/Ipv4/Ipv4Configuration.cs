namespace Morgana.Net;

/// <summary>How a stack sits in its IPv4 network.</summary>
public sealed record Ipv4Configuration
{
    /// <summary>Our address and the prefix of the link, as in 10.0.0.2/24.</summary>
    public required IpPrefix Prefix { get; init; }

    /// <summary>
    /// The router to everything that is not on the link: inside <see cref="Prefix"/>, or anywhere when that is a /32.
    /// Default: none, only the link can be reached.
    /// </summary>
    public IpAddress Gateway { get; init; }

    /// <summary>
    /// Largest datagram sent in one piece, in bytes with its IP header: 68 (RFC 791) to the device's MTU. Default: the device's.
    /// </summary>
    public int? Mtu { get; init; }

    /// <summary>
    /// Sets "don't fragment" on all datagrams and refuses to send what is above the MTU. Default: off, because nothing here
    /// remembers path MTUs, and forged ICMP messages then cannot shrink them.
    /// </summary>
    public bool DontFragment { get; init; }

    /// <summary>Whether the address is probed before it is used.</summary>
    public AddressClaimMode Claim { get; init; }
}
