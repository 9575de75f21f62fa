using CsCheck;
using Morgana.Runtime;

namespace Morgana.Net.Tests;

public sealed class IcmpTests
{
    private readonly HostRig _rig = new HostRig().KnowPeer();

    private static IcmpMessage Message(byte[] frame)
    {
        Assert.True(EthernetFrame.TryParse(frame, out EthernetFrame ethernet));
        Assert.True(Ipv4Packet.TryParse(ethernet.Payload, out Ipv4Packet packet, out _));
        Assert.Equal(IpProtocol.Icmp, packet.Protocol);
        Assert.Equal(Lab.Us, packet.Source);
        Assert.True(IcmpMessage.TryParse(packet.Payload, out IcmpMessage message, out _));
        return message;
    }

    /// <summary>A datagram of ours as a router would quote it: header and eight bytes.</summary>
    private static byte[] Quote(
        ushort fromPort,
        IpEndpoint to,
        IpAddress? from = null,
        int length = 28
    ) =>
        Frames.Datagram(
            IpProtocol.Udp,
            Frames.UdpSegment(new IpEndpoint(from ?? Lab.Us, fromPort), to, new byte[40]),
            from ?? Lab.Us,
            to.Address,
            timeToLive: 3
        )[..length];

    [Fact]
    public void An_echo_request_stands_where_RFC_792_puts_it()
    {
        // Type 8, code 0, identifier 1, sequence number 2, "abc"; 0800+0001+0002+6162+6300 = cc65, its complement 339a.
        byte[] bytes = Hex.Bytes("08 00 339a 0001 0002 616263");
        Assert.True(IcmpMessage.TryParse(bytes, out IcmpMessage message, out _));
        Assert.Equal(IcmpType.EchoRequest, message.Type);
        Assert.Equal(0x00010002u, message.Rest);
        Assert.Equal("abc"u8, message.Payload);
        Assert.Equal(bytes, Frames.IcmpSegment(IcmpType.EchoRequest, 0, 0x00010002, "abc"u8));
    }

    [Fact]
    public void Messages_round_trip() =>
        Gen.Select(Gen.Byte, Gen.Byte, Gen.UInt, Gen.Byte.Array[0, 60])
            .Sample(
                (type, code, rest, payload) =>
                {
                    byte[] bytes = Frames.IcmpSegment((IcmpType)type, code, rest, payload);
                    Assert.True(IcmpMessage.TryParse(bytes, out IcmpMessage message, out _));
                    Assert.Equal(type, (byte)message.Type);
                    Assert.Equal(code, message.Code);
                    Assert.Equal(rest, message.Rest);
                    Assert.Equal(payload, message.Payload);
                }
            );

    [Fact]
    public void Random_bytes_never_throw() =>
        Gen
            .Byte.Array[0, 40]
            .Sample(bytes =>
                IcmpMessage.TryParse(bytes, out _, out DropReason reason)
                || reason is DropReason.IcmpTruncated or DropReason.IcmpBadChecksum
            );

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(56)]
    [InlineData(1472)]
    public void An_echo_request_is_answered_with_what_it_held(int length)
    {
        byte[] payload = new byte[length];
        new SeededRandom(length).Fill(payload);
        _rig.Receive(Frames.Ping(payload, 0xbeef0007));

        byte[] frame = _rig.TakeOne();
        Assert.Equal(Lab.PeerHardware, MacAddress.Read(frame));
        IcmpMessage reply = Message(frame);
        Assert.Equal(IcmpType.EchoReply, reply.Type);
        Assert.Equal(0, reply.Code);
        Assert.Equal(0xbeef0007u, reply.Rest);
        Assert.Equal(payload, reply.Payload);
    }

    [Fact]
    public void A_long_echo_request_in_pieces_is_answered_in_pieces()
    {
        byte[] segment = Frames.IcmpSegment(IcmpType.EchoRequest, 0, 1, new byte[4000]);
        for (int start = 0; start < segment.Length; start += 1480)
        {
            int end = Math.Min(segment.Length, start + 1480);
            _rig.Receive(
                Frames.Ethernet(
                    Frames.Fragment(
                        IpProtocol.Icmp,
                        segment.AsSpan(start, end - start),
                        9,
                        start,
                        end < segment.Length
                    )
                )
            );
        }

        Assert.Equal(3, _rig.Take().Length);
    }

    [Theory]
    [InlineData("255.255.255.255")]
    [InlineData("10.0.0.255")]
    public void An_echo_request_to_all_is_not_answered(string destination)
    {
        Assert.Equal(
            DropReason.IcmpIgnored,
            _rig.Drop(
                Frames.Icmp(
                    IcmpType.EchoRequest,
                    0,
                    1,
                    "x"u8,
                    destination: IpAddress.Parse(destination, null),
                    to: MacAddress.Broadcast
                )
            )
        );
        Assert.Empty(_rig.Sent);
    }

    [Theory]
    [InlineData(4)] // source quench (RFC 6633)
    [InlineData(5)] // redirect
    [InlineData(0)] // an echo reply that nobody asked for
    [InlineData(13)] // timestamp
    [InlineData(17)] // address mask
    [InlineData(200)]
    public void Other_types_are_ignored(byte type)
    {
        Assert.Equal(
            DropReason.IcmpIgnored,
            _rig.Drop(Frames.Icmp((IcmpType)type, 0, 0, new byte[40]))
        );
        Assert.Empty(_rig.Sent);
    }

    [Fact]
    public void A_wrong_checksum_is_noticed()
    {
        byte[] frame = Frames.Ping("x"u8);
        frame[^1] ^= 1;
        Assert.Equal(DropReason.IcmpBadChecksum, _rig.Drop(frame));
        Assert.Equal(
            DropReason.IcmpTruncated,
            _rig.Drop(Frames.Ethernet(Frames.Datagram(IpProtocol.Icmp, new byte[7])))
        );
    }

    [Fact]
    public void A_closed_port_is_reported_with_the_datagram_quoted()
    {
        byte[] datagram = Frames.Udp("question"u8, port: 99);
        Assert.Equal(DropReason.UdpNoPort, _rig.Drop(datagram));

        IcmpMessage message = Message(_rig.TakeOne());
        Assert.Equal(IcmpType.DestinationUnreachable, message.Type);
        Assert.Equal(3, message.Code);
        Assert.Equal(0u, message.Rest);
        Assert.Equal(datagram.AsSpan(EthernetFrame.HeaderLength), message.Payload);
    }

    [Fact]
    public void An_unknown_protocol_is_reported()
    {
        Assert.Equal(
            DropReason.Ipv4UnknownProtocol,
            _rig.Drop(Frames.Ethernet(Frames.Datagram(IpProtocol.Tcp, new byte[20])))
        );
        IcmpMessage message = Message(_rig.TakeOne());
        Assert.Equal(IcmpType.DestinationUnreachable, message.Type);
        Assert.Equal(2, message.Code);
    }

    [Fact]
    public void A_quote_ends_where_576_bytes_are_full()
    {
        byte[] frame = Frames.Ethernet(
            Frames.WithOptions(
                Frames.Datagram(
                    IpProtocol.Udp,
                    Frames.UdpSegment(new(Lab.Peer, 1), new(Lab.Us, 99), new byte[1000])
                ),
                new byte[40]
            )
        );
        _rig.Receive(frame);
        byte[] sent = _rig.TakeOne();
        Assert.Equal(576 + EthernetFrame.HeaderLength, sent.Length);
        Assert.Equal(frame.AsSpan(EthernetFrame.HeaderLength, 548), Message(sent).Payload);
    }

    [Fact]
    public void Nothing_is_reported_about_broadcasts()
    {
        _rig.Receive(
            Frames.Udp(
                "x"u8,
                port: 99,
                destination: IpAddress.BroadcastV4,
                to: MacAddress.Broadcast
            )
        );
        _rig.Receive(
            Frames.Ethernet(
                Frames.Datagram(IpProtocol.Tcp, new byte[20], destination: Lab.Prefix.Broadcast)
            )
        );
        Assert.Equal(1, _rig.Counters.Dropped(DropReason.UdpNoPort));
        Assert.Equal(1, _rig.Counters.Dropped(DropReason.Ipv4UnknownProtocol));
        Assert.Empty(_rig.Sent);
    }

    [Fact]
    public void Nothing_is_reported_about_pieces_of_an_error()
    {
        byte[] segment = Frames.IcmpSegment(IcmpType.DestinationUnreachable, 3, 0, new byte[32]);
        _rig.Receive(
            Frames.Ethernet(Frames.Fragment(IpProtocol.Icmp, segment.AsSpan(0, 16), 1, 0, true))
        );
        _rig.AdvanceSeconds(31);
        Assert.Equal(1, _rig.Counters.Dropped(DropReason.FragmentTimeout));
        Assert.Empty(_rig.Take());
    }

    [Fact]
    public void Errors_are_bounded_in_rate_at_no_fixed_price()
    {
        byte[] frame = Frames.Udp("x"u8, port: 99);
        List<int> bursts = [];
        for (int round = 0; round < 20; round++)
        {
            for (int i = 0; i < 500; i++)
            {
                _rig.Receive(frame);
            }

            bursts.Add(_rig.Take().Length);
            _rig.AdvanceSeconds(1);
            _rig.Receive(Frames.ArpRequest());
            _rig.Take();
        }

        // A message costs one on average, and the last one is free if it would cost more than there is.
        Assert.All(bursts, burst => Assert.InRange(burst, 25, 100));
        Assert.True(bursts.Distinct().Count() > 3, "The limit can be counted from outside.");
        Assert.Equal(20 * 500 - bursts.Sum(), _rig.Counters.IcmpErrorsHeldBack);

        // Slowly, a hundred a second go out for ever.
        int slow = 0;
        for (int i = 0; i < 500; i++)
        {
            _rig.AdvanceSeconds(0.02);
            _rig.Receive(frame);
            slow += _rig.Take().Length;
        }

        Assert.InRange(slow, 499, 502);
    }

    [Theory]
    [InlineData(3, 0, 0u, UdpErrorKind.HostUnreachable, 0)]
    [InlineData(3, 1, 0u, UdpErrorKind.HostUnreachable, 0)]
    [InlineData(3, 2, 0u, UdpErrorKind.ProtocolUnreachable, 0)]
    [InlineData(3, 3, 0u, UdpErrorKind.PortUnreachable, 0)]
    [InlineData(3, 4, 1280u, UdpErrorKind.TooBig, 1280)]
    [InlineData(3, 4, 0u, UdpErrorKind.TooBig, 0)]
    [InlineData(3, 13, 0u, UdpErrorKind.Prohibited, 0)]
    [InlineData(11, 0, 0u, UdpErrorKind.TimeExceeded, 0)]
    [InlineData(12, 0, 0u, UdpErrorKind.Refused, 0)]
    public void A_report_reaches_the_socket_that_sent(
        byte type,
        byte code,
        uint rest,
        UdpErrorKind kind,
        int mtu
    )
    {
        List<UdpError> errors = [];
        _rig.Host.Udp.Bind(
            4000,
            (in UdpDatagram _) => { },
            (in UdpError error) => errors.Add(error)
        );
        IpEndpoint server = new(Lab.Remote, 53);
        _rig.Receive(Frames.Icmp((IcmpType)type, code, rest, Quote(4000, server)));

        Assert.Equal(
            new UdpError(kind, new IpEndpoint(Lab.Us, 4000), server, Lab.Peer, mtu),
            Assert.Single(errors)
        );
        Assert.Equal(1, _rig.Counters.IcmpErrorsReceived);
        Assert.Empty(_rig.Sent);
    }

    [Fact]
    public void A_report_about_what_we_did_not_send_reaches_nobody()
    {
        _rig.Host.Udp.Bind(
            4000,
            (in UdpDatagram _) => { },
            (in UdpError _) => Assert.Fail("nobody sent that")
        );
        IpEndpoint server = new(Lab.Remote, 53);
        byte[][] quotes =
        [
            Quote(4000, server, from: Lab.Neighbour),
            Quote(4000, server, length: 27),
            Quote(4000, server, length: 19),
            [],
            Frames.Fragment(IpProtocol.Udp, new byte[16], 1, 8, false, Lab.Us, Lab.Remote),
        ];
        foreach (byte[] quote in quotes)
        {
            Assert.Equal(
                DropReason.IcmpTruncated,
                _rig.Drop(Frames.Icmp(IcmpType.DestinationUnreachable, 3, 0, quote))
            );
        }

        // A port that nobody has.
        _rig.Receive(Frames.Icmp(IcmpType.DestinationUnreachable, 3, 0, Quote(4001, server)));
        Assert.Empty(_rig.Sent);
    }
}
