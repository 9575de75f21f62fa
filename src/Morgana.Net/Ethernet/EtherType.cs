namespace Morgana.Net;

/// <summary>What an Ethernet frame carries (IEEE 802 numbers; RFC 894, RFC 826, RFC 2464).</summary>
internal enum EtherType : ushort
{
    Ipv4 = 0x0800,
    Arp = 0x0806,
    Ipv6 = 0x86dd,
}
