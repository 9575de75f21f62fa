namespace Morgana.Net;

/// <summary>Why a received frame, or a part of it, was not taken. Each drop counts under exactly one reason.</summary>
public enum DropReason
{
    /// <summary>Not dropped.</summary>
    None = 0,

    /// <summary>Ethernet: shorter than a header.</summary>
    EthernetTruncated,

    /// <summary>Ethernet: sent to another station or to a group that we are not in.</summary>
    EthernetNotForUs,

    /// <summary>Ethernet: the source is a group address, all zero, or our own.</summary>
    EthernetBadSource,

    /// <summary>Ethernet: carries a protocol that the stack does not speak (IPv6, VLAN tags, IEEE 802.3 lengths, ...).</summary>
    EthernetUnknownType,

    /// <summary>ARP: not a well-formed request or reply for IPv4 over Ethernet.</summary>
    ArpMalformed,

    /// <summary>ARP: the sender's addresses cannot be those of a single host.</summary>
    ArpBadSender,

    /// <summary>ARP: another host uses our address (RFC 5227).</summary>
    ArpConflict,

    /// <summary>IPv4: shorter than its header or than it claims to be.</summary>
    Ipv4Truncated,

    /// <summary>IPv4: another version, a header length below 20, or a total length below the header's.</summary>
    Ipv4Malformed,

    /// <summary>IPv4: wrong header checksum.</summary>
    Ipv4BadChecksum,

    /// <summary>IPv4: a source that no datagram can come from (RFC 1122 section 3.2.1.3, RFC 1812 section 5.3.7).</summary>
    Ipv4Martian,

    /// <summary>IPv4: for another host.</summary>
    Ipv4NotForUs,

    /// <summary>IPv4: a source route option (RFC 7126 sections 4.3 and 4.4 advise to drop).</summary>
    Ipv4SourceRoute,

    /// <summary>IPv4: our address is still being probed, or lost to another host.</summary>
    Ipv4AddressNotReady,

    /// <summary>IPv4: no handler for the protocol.</summary>
    Ipv4UnknownProtocol,

    /// <summary>Fragments: empty, of a length that is not a multiple of 8 before the last, or beyond 65,535 bytes ("ping of death").</summary>
    FragmentMalformed,

    /// <summary>Fragments: overlaps another with other content, or belongs to a datagram where that happened (RFC 5722).</summary>
    FragmentOverlap,

    /// <summary>Fragments: a datagram in too many pieces, or pushed out by newer ones.</summary>
    FragmentLimit,

    /// <summary>Fragments: the datagram was not complete in time.</summary>
    FragmentTimeout,

    /// <summary>ICMP: shorter than its header or what it must quote.</summary>
    IcmpTruncated,

    /// <summary>ICMP: wrong checksum.</summary>
    IcmpBadChecksum,

    /// <summary>ICMP: a type that the stack does not act on, or an echo request to a broadcast address.</summary>
    IcmpIgnored,

    /// <summary>UDP: shorter than its header or than it claims to be, or a length below 8.</summary>
    UdpMalformed,

    /// <summary>UDP: wrong checksum.</summary>
    UdpBadChecksum,

    /// <summary>UDP: nobody listens on the port.</summary>
    UdpNoPort,
}
