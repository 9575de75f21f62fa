namespace Morgana.Net;

/// <summary>The numbers of the protocols above IP (RFC 790's successors, kept by IANA).</summary>
internal enum IpProtocol : byte
{
    Icmp = 1,
    Tcp = 6,
    Udp = 17,
    IcmpV6 = 58,
}
