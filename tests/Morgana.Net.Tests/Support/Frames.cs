using System.Buffers.Binary;
using Morgana.Runtime;

namespace Morgana.Net.Tests;

/// <summary>Good frames, as the peer would send them; tests spoil what they are about.</summary>
internal static class Frames
{
    public static byte[] Arp(
        ArpOperation operation,
        MacAddress senderHardware,
        IpAddress sender,
        IpAddress target,
        MacAddress targetHardware = default,
        MacAddress? to = null
    )
    {
        byte[] frame = new byte[EthernetFrame.HeaderLength + ArpPacket.Length];
        EthernetFrame.WriteHeader(frame, to ?? MacAddress.Broadcast, senderHardware, EtherType.Arp);
        new ArpPacket(operation, senderHardware, sender, targetHardware, target).Write(
            frame.AsSpan(EthernetFrame.HeaderLength)
        );
        return frame;
    }

    /// <summary>The peer asks who we are, and so becomes known.</summary>
    public static byte[] ArpRequest(IpAddress? sender = null, MacAddress? hardware = null) =>
        Arp(ArpOperation.Request, hardware ?? Lab.PeerHardware, sender ?? Lab.Peer, Lab.Us);

    public static byte[] ArpReply(IpAddress sender, MacAddress hardware) =>
        Arp(ArpOperation.Reply, hardware, sender, Lab.Us, Lab.OurHardware, Lab.OurHardware);

    public static byte[] Ethernet(
        ReadOnlySpan<byte> payload,
        EtherType type = EtherType.Ipv4,
        MacAddress? to = null,
        MacAddress? from = null
    )
    {
        byte[] frame = new byte[EthernetFrame.HeaderLength + payload.Length];
        EthernetFrame.WriteHeader(frame, to ?? Lab.OurHardware, from ?? Lab.PeerHardware, type);
        payload.CopyTo(frame.AsSpan(EthernetFrame.HeaderLength));
        return frame;
    }

    public static byte[] Datagram(
        IpProtocol protocol,
        ReadOnlySpan<byte> payload,
        IpAddress? source = null,
        IpAddress? destination = null,
        byte timeToLive = 64
    ) => Fragment(protocol, payload, 1, 0, false, source, destination, timeToLive);

    public static byte[] Fragment(
        IpProtocol protocol,
        ReadOnlySpan<byte> payload,
        ushort identification,
        int offset,
        bool more,
        IpAddress? source = null,
        IpAddress? destination = null,
        byte timeToLive = 64
    )
    {
        byte[] datagram = new byte[Ipv4Header.Length + payload.Length];
        new Ipv4Header
        {
            Source = source ?? Lab.Peer,
            Destination = destination ?? Lab.Us,
            Protocol = protocol,
            Identification = identification,
            FragmentOffset = offset,
            MoreFragments = more,
            TimeToLive = timeToLive,
        }.Write(datagram, payload.Length);
        payload.CopyTo(datagram.AsSpan(Ipv4Header.Length));
        return datagram;
    }

    public static byte[] UdpSegment(
        IpEndpoint source,
        IpEndpoint destination,
        ReadOnlySpan<byte> payload
    )
    {
        byte[] segment = new byte[UdpPacket.HeaderLength + payload.Length];
        UdpPacket.WriteHeader(segment, source, destination, payload);
        payload.CopyTo(segment.AsSpan(UdpPacket.HeaderLength));
        return segment;
    }

    public static byte[] Udp(
        ReadOnlySpan<byte> payload,
        ushort port = 7,
        ushort fromPort = 4000,
        IpAddress? source = null,
        IpAddress? destination = null,
        MacAddress? to = null
    )
    {
        IpAddress from = source ?? Lab.Peer;
        IpAddress target = destination ?? Lab.Us;
        return Ethernet(
            Datagram(
                IpProtocol.Udp,
                UdpSegment(new IpEndpoint(from, fromPort), new IpEndpoint(target, port), payload),
                from,
                target
            ),
            to: to
        );
    }

    public static byte[] IcmpSegment(
        IcmpType type,
        byte code,
        uint rest,
        ReadOnlySpan<byte> payload
    )
    {
        byte[] segment = new byte[IcmpMessage.HeaderLength + payload.Length];
        IcmpMessage.WriteHeader(segment, type, code, rest, payload);
        payload.CopyTo(segment.AsSpan(IcmpMessage.HeaderLength));
        return segment;
    }

    public static byte[] Icmp(
        IcmpType type,
        byte code,
        uint rest,
        ReadOnlySpan<byte> payload,
        IpAddress? source = null,
        IpAddress? destination = null,
        MacAddress? to = null
    ) =>
        Ethernet(
            Datagram(IpProtocol.Icmp, IcmpSegment(type, code, rest, payload), source, destination),
            to: to
        );

    public static byte[] Ping(ReadOnlySpan<byte> payload, uint rest = 0x00010001) =>
        Icmp(IcmpType.EchoRequest, 0, rest, payload);

    /// <summary>Puts options between header and payload: as many bytes as a multiple of four.</summary>
    public static byte[] WithOptions(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> options)
    {
        byte[] result =
        [
            .. datagram[..Ipv4Header.Length],
            .. options,
            .. datagram[Ipv4Header.Length..],
        ];
        result[0] = (byte)(0x45 + options.Length / 4);
        BinaryPrimitives.WriteUInt16BigEndian(result.AsSpan(2), (ushort)result.Length);
        RepairHeader(result);
        return result;
    }

    /// <summary>Makes an IPv4 header's checksum right again.</summary>
    public static void RepairHeader(Span<byte> datagram)
    {
        int length = (datagram[0] & 0xf) * 4;
        datagram[10..12].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(
            datagram[10..],
            InternetChecksum.Compute(datagram[..length])
        );
    }
}
