using Morgana.Runtime;

namespace Morgana.Net.Tests;

/// <summary>Which datagrams a host takes.</summary>
public sealed class Ipv4ReceiveTests
{
    private readonly HostRig _rig = new HostRig().KnowPeer();
    private int _received;

    public Ipv4ReceiveTests() => _rig.Host.Udp.Bind(7, (in UdpDatagram _) => _received++, null);

    [Fact]
    public void A_datagram_for_us_is_taken()
    {
        Assert.Equal(DropReason.None, _rig.Drop(Frames.Udp("x"u8)));
        Assert.Equal(1, _received);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("127.0.0.1")]
    [InlineData("224.0.0.251")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("10.0.0.0")] // the link's network
    [InlineData("10.0.0.255")] // the link's broadcast: the source of "smurf" attacks
    [InlineData("10.0.0.2")] // ourselves: a "land" attack
    public void A_martian_source_is_dropped_without_a_word(string source)
    {
        Assert.Equal(
            DropReason.Ipv4Martian,
            _rig.Drop(Frames.Udp("x"u8, source: IpAddress.Parse(source, null)))
        );
        Assert.Equal(0, _received);
        Assert.Empty(_rig.Sent);
    }

    [Theory]
    [InlineData("10.0.0.3")]
    [InlineData("192.0.2.1")]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("10.0.0.0")]
    public void A_datagram_for_others_is_neither_taken_nor_forwarded(string destination)
    {
        Assert.Equal(
            DropReason.Ipv4NotForUs,
            _rig.Drop(Frames.Udp("x"u8, destination: IpAddress.Parse(destination, null)))
        );
        Assert.Empty(_rig.Sent);
    }

    [Theory]
    [InlineData("255.255.255.255")]
    [InlineData("10.0.0.255")]
    public void A_broadcast_is_taken(string destination)
    {
        IpAddress all = IpAddress.Parse(destination, null);
        _rig.Receive(Frames.Udp("x"u8, destination: all, to: MacAddress.Broadcast));
        _rig.Receive(Frames.Udp("x"u8, destination: all));
        Assert.Equal(2, _received);
    }

    [Fact]
    public void A_datagram_for_one_host_in_a_frame_for_all_is_dropped() =>
        Assert.Equal(
            DropReason.Ipv4NotForUs,
            _rig.Drop(Frames.Udp("x"u8, to: MacAddress.Broadcast))
        );

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_host_takes_what_has_no_time_left_to_live(byte timeToLive)
    {
        // RFC 1122 section 3.2.1.7.
        byte[] segment = Frames.UdpSegment(new(Lab.Peer, 4000), new(Lab.Us, 7), "x"u8);
        _rig.Receive(
            Frames.Ethernet(Frames.Datagram(IpProtocol.Udp, segment, timeToLive: timeToLive))
        );
        Assert.Equal(1, _received);
    }

    [Fact]
    public void Options_are_skipped_but_for_source_routes()
    {
        byte[] segment = Frames.UdpSegment(new(Lab.Peer, 4000), new(Lab.Us, 7), "x"u8);
        byte[] datagram = Frames.Datagram(IpProtocol.Udp, segment);

        _rig.Receive(Frames.Ethernet(Frames.WithOptions(datagram, Hex.Bytes("94040000"))));
        Assert.Equal(1, _received);
        _rig.Receive(Frames.Ethernet(Frames.WithOptions(datagram, new byte[40])));
        Assert.Equal(2, _received);
        Assert.Equal(
            DropReason.Ipv4SourceRoute,
            _rig.Drop(Frames.Ethernet(Frames.WithOptions(datagram, Hex.Bytes("8307040a000002 00"))))
        );
        Assert.Equal(2, _received);
    }

    [Fact]
    public void A_spoilt_header_checksum_is_noticed()
    {
        byte[] frame = Frames.Udp("x"u8);
        frame[EthernetFrame.HeaderLength + 8]--;
        Assert.Equal(DropReason.Ipv4BadChecksum, _rig.Drop(frame));
    }

    [Fact]
    public void A_stranger_on_a_link_without_broadcast_is_still_answered()
    {
        // RFC 3021: in a /31 both addresses are hosts.
        HostRig rig = new(new Ipv4Configuration { Prefix = IpPrefix.Parse("10.0.0.2/31", null) });
        IpAddress other = IpAddress.FromV4(10, 0, 0, 3);
        rig.Receive(Frames.ArpRequest(other));
        rig.Take();
        rig.Receive(Frames.Icmp(IcmpType.EchoRequest, 0, 1, "x"u8, source: other));
        rig.TakeOne();
    }
}
