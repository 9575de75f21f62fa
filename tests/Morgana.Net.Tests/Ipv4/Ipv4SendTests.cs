using Morgana.Runtime;

namespace Morgana.Net.Tests;

/// <summary>Where datagrams go, and how they are cut.</summary>
public sealed class Ipv4SendTests
{
    private static Ipv4Packet Packet(byte[] frame)
    {
        Assert.True(EthernetFrame.TryParse(frame, out EthernetFrame ethernet));
        Assert.Equal(EtherType.Ipv4, ethernet.EtherType);
        Assert.True(Ipv4Packet.TryParse(ethernet.Payload, out Ipv4Packet packet, out _));
        return packet;
    }

    [Fact]
    public void A_host_on_the_link_is_asked_for_itself()
    {
        HostRig rig = new();
        Assert.True(rig.Send(1, new IpEndpoint(Lab.Neighbour, 9), "x"u8));
        Assert.Equal(Lab.Neighbour, rig.TakeArp(out _).TargetAddress);
    }

    [Fact]
    public void All_others_are_reached_through_the_gateway()
    {
        HostRig rig = new();
        Assert.True(rig.Send(1, new IpEndpoint(Lab.Remote, 9), "x"u8));
        Assert.Equal(Lab.Peer, rig.TakeArp(out _).TargetAddress);
        rig.Receive(Frames.ArpReply(Lab.Peer, Lab.PeerHardware));
        byte[] frame = rig.TakeOne();
        Assert.Equal(Lab.PeerHardware, MacAddress.Read(frame));
        Assert.Equal(Lab.Remote, Packet(frame).Destination);
    }

    [Fact]
    public void Without_a_gateway_there_is_no_way_off_the_link()
    {
        HostRig rig = new(new Ipv4Configuration { Prefix = Lab.Prefix });
        Assert.False(rig.Send(1, new IpEndpoint(Lab.Remote, 9), "x"u8));
        Assert.Empty(rig.Sent);
    }

    [Fact]
    public void A_gateway_beside_a_single_address_is_reached_directly()
    {
        // As many clouds configure it: 192.0.2.7/32 via 10.0.0.1.
        HostRig rig = new(
            new Ipv4Configuration
            {
                Prefix = IpPrefix.Parse("192.0.2.7/32", null),
                Gateway = Lab.Peer,
            }
        );
        Assert.True(rig.Send(1, new IpEndpoint(Lab.Remote, 9), "x"u8));
        Assert.Equal(Lab.Peer, rig.TakeArp(out _).TargetAddress);
        rig.Receive(
            Frames.Arp(
                ArpOperation.Reply,
                Lab.PeerHardware,
                Lab.Peer,
                IpAddress.FromV4(192, 0, 2, 7),
                Lab.OurHardware,
                Lab.OurHardware
            )
        );
        Assert.Equal(Lab.Remote, Packet(rig.TakeOne()).Destination);
    }

    [Theory]
    [InlineData("255.255.255.255")]
    [InlineData("10.0.0.255")]
    public void A_broadcast_goes_to_every_station_without_asking(string destination)
    {
        HostRig rig = new();
        Assert.True(rig.Send(1, new IpEndpoint(IpAddress.Parse(destination, null), 9), "x"u8));
        Assert.Equal(MacAddress.Broadcast, MacAddress.Read(rig.TakeOne()));
    }

    [Theory]
    [InlineData("10.0.0.2")] // ourselves
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("10.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("240.0.0.1")]
    [InlineData("2001:db8::1")]
    public void There_is_no_route_to_what_is_no_other_host(string destination)
    {
        HostRig rig = new();
        Assert.False(rig.Send(1, new IpEndpoint(IpAddress.Parse(destination, null), 9), "x"u8));
        Assert.Empty(rig.Sent);
    }

    [Fact]
    public void Only_our_own_address_can_be_the_source()
    {
        HostRig rig = new HostRig().KnowPeer();
        IpEndpoint peer = new(Lab.Peer, 9);
        Assert.True(rig.Host.Udp.TrySend(rig.Now, 1, peer, "x"u8, Lab.Us));
        Assert.False(rig.Host.Udp.TrySend(rig.Now, 1, peer, "x"u8, Lab.Neighbour));
        Assert.False(rig.Host.Udp.TrySend(rig.Now, 1, peer, "x"u8, IpAddress.BroadcastV4));
        Assert.False(rig.Host.Udp.TrySend(rig.Now, 1, peer, "x"u8, IpAddress.Parse("::1", null)));
    }

    [Theory]
    [InlineData(1500, 1472, 1)]
    [InlineData(1500, 1473, 2)]
    [InlineData(1500, 65_507, 45)]
    [InlineData(576, 1000, 2)]
    [InlineData(68, 100, 3)]
    [InlineData(1499, 3000, 3)]
    public void What_is_above_the_MTU_is_cut(int mtu, int length, int expected)
    {
        HostRig rig = new HostRig(Lab.Configuration with { Mtu = mtu }).KnowPeer();
        byte[] payload = new byte[length];
        new SeededRandom(1).Fill(payload);
        Assert.True(rig.Send(5, new IpEndpoint(Lab.Peer, 9), payload));

        byte[][] frames = rig.Take();
        Assert.Equal(expected, frames.Length);
        byte[] whole = new byte[length + 8];
        ushort identification = Packet(frames[0]).Identification;
        int offset = 0;
        foreach (byte[] frame in frames)
        {
            Assert.InRange(frame.Length, 1, mtu + EthernetFrame.HeaderLength);
            Ipv4Packet packet = Packet(frame);
            Assert.Equal(identification, packet.Identification);
            Assert.Equal(offset, packet.FragmentOffset);
            Assert.Equal(frame != frames[^1], packet.MoreFragments);
            Assert.False(packet.DontFragment);
            Assert.Equal(64, packet.TimeToLive);
            packet.Payload.CopyTo(whole.AsSpan(offset));
            offset += packet.Payload.Length;
        }

        Assert.Equal(whole.Length, offset);
        Assert.True(UdpPacket.TryParse(whole, Lab.Us, Lab.Peer, out UdpPacket udp, out _));
        Assert.Equal(payload, udp.Payload);
    }

    [Fact]
    public void What_must_not_be_cut_is_marked_or_refused()
    {
        HostRig rig = new HostRig(Lab.Configuration with { DontFragment = true }).KnowPeer();
        Assert.True(rig.Send(1, new IpEndpoint(Lab.Peer, 9), new byte[1472]));
        Assert.True(Packet(rig.TakeOne()).DontFragment);
        Assert.False(rig.Send(1, new IpEndpoint(Lab.Peer, 9), new byte[1473]));
        Assert.Empty(rig.Sent);
    }

    [Fact]
    public void What_is_longer_than_any_datagram_is_refused()
    {
        HostRig rig = new HostRig().KnowPeer();
        Assert.False(rig.Send(1, new IpEndpoint(Lab.Peer, 9), new byte[65_508]));
        Assert.Empty(rig.Sent);
    }

    [Fact]
    public void A_device_that_refuses_a_frame_is_reported()
    {
        HostRig rig = new HostRig().KnowPeer();
        rig.Takes = false;
        Assert.False(rig.Send(1, new IpEndpoint(Lab.Peer, 9), "x"u8));
        Assert.Equal(1, rig.Counters.FramesRefused);
    }

    [Fact]
    public void Identifications_do_not_come_back_soon_and_do_not_count_up()
    {
        Ipv4Identification identification = new(new RandomStream(new SeededRandom(7)));
        Queue<ushort> recent = new();
        HashSet<ushort> inRecent = [];
        HashSet<ushort> all = [];
        int ascending = 0;
        ushort last = 0;
        for (int i = 0; i < 100_000; i++)
        {
            ushort value = identification.Next();
            Assert.True(inRecent.Add(value), "An identification came back too soon.");
            recent.Enqueue(value);
            if (recent.Count == Ipv4Identification.Distance)
            {
                inRecent.Remove(recent.Dequeue());
            }

            all.Add(value);
            ascending += value == last + 1 ? 1 : 0;
            last = value;
        }

        Assert.InRange(ascending, 0, 20);
        Assert.InRange(all.Count, 45_000, 65_536);
    }

    [Theory]
    [InlineData("10.0.0.2/24", "10.0.1.1", "not in the network")]
    [InlineData("10.0.0.2/24", "10.0.0.2", "another host")]
    [InlineData("10.0.0.2/24", "10.0.0.255", "another host")]
    [InlineData("10.0.0.2/24", "2001:db8::1", "another host")]
    [InlineData("10.0.0.0/24", null, "not that of a host")]
    [InlineData("10.0.0.255/24", null, "not that of a host")]
    [InlineData("127.0.0.1/8", null, "not that of a host")]
    [InlineData("0.0.0.0/0", null, "not that of a host")]
    [InlineData("224.0.0.5/24", null, "not that of a host")]
    [InlineData("2001:db8::1/64", null, "not IPv4")]
    public void A_configuration_that_cannot_work_is_refused_with_the_reason(
        string prefix,
        string? gateway,
        string reason
    )
    {
        Ipv4Configuration configuration = new()
        {
            Prefix = IpPrefix.Parse(prefix, null),
            Gateway = gateway is null ? default : IpAddress.Parse(gateway, null),
        };
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            new HostRig(configuration)
        );
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(67)]
    [InlineData(1501)]
    [InlineData(-1)]
    public void An_MTU_that_cannot_work_is_refused(int mtu) =>
        Assert.Throws<ArgumentException>(() => new HostRig(Lab.Configuration with { Mtu = mtu }));
}
