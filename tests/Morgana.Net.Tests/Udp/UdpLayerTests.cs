namespace Morgana.Net.Tests;

/// <summary>The table of ports.</summary>
public sealed class UdpLayerTests
{
    private static readonly UdpHandler Nothing = (in UdpDatagram _) => { };

    private readonly HostRig _rig = new HostRig().KnowPeer();

    private UdpLayer Udp => _rig.Host.Udp;

    [Fact]
    public void A_datagram_reaches_the_handler_with_both_endpoints()
    {
        int calls = 0;
        Udp.Bind(
            7,
            (in UdpDatagram datagram) =>
            {
                calls++;
                Assert.Equal(new IpEndpoint(Lab.Remote, 4000), datagram.Source);
                Assert.Equal(new IpEndpoint(Lab.Us, 7), datagram.Destination);
                Assert.Equal("hello"u8, datagram.Payload);
            },
            null
        );
        _rig.Receive(Frames.Udp("hello"u8, source: Lab.Remote));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void A_broadcast_names_the_address_it_was_sent_to()
    {
        IpAddress destination = default;
        Udp.Bind(7, (in UdpDatagram datagram) => destination = datagram.Destination.Address, null);
        _rig.Receive(Frames.Udp("x"u8, destination: IpAddress.BroadcastV4));
        Assert.Equal(IpAddress.BroadcastV4, destination);
    }

    [Fact]
    public void Spoilt_segments_are_dropped_without_a_word()
    {
        Udp.Bind(7, Nothing, null);
        byte[] frame = Frames.Udp("x"u8);
        frame[^1] ^= 1;
        Assert.Equal(DropReason.UdpBadChecksum, _rig.Drop(frame));
        Assert.Equal(
            DropReason.UdpMalformed,
            _rig.Drop(Frames.Ethernet(Frames.Datagram(IpProtocol.Udp, new byte[7])))
        );
        Assert.Empty(_rig.Sent);
    }

    [Fact]
    public void A_port_is_taken_once_and_free_after_its_release()
    {
        UdpBinding first = Udp.Bind(53, Nothing, null);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() =>
            Udp.Bind(53, Nothing, null)
        );
        Assert.Contains("53", error.Message, StringComparison.Ordinal);
        Udp.Release(first);
        UdpBinding second = Udp.Bind(53, Nothing, null);
        // Releasing again must not take the port from its new owner.
        Udp.Release(first);
        Assert.Equal(1, Udp.Count);
        Udp.Release(second);
        Assert.Equal(0, Udp.Count);
    }

    [Fact]
    public void Free_ports_are_drawn_from_the_whole_range()
    {
        HashSet<ushort> ports = [];
        for (int i = 0; i < 2_000; i++)
        {
            UdpBinding binding = Udp.Bind(0, Nothing, null);
            ports.Add(binding.Port);
            Udp.Release(binding);
        }

        Assert.True(ports.Min() is >= 1024 and < 2_000);
        Assert.True(ports.Max() > 64_500);
        Assert.True(ports.Count > 1_900);
    }

    [Fact]
    public void Every_port_can_be_given_out_and_then_there_is_none()
    {
        HashSet<ushort> ports = [];
        for (int i = 0; i < 64_512; i++)
        {
            Assert.True(ports.Add(Udp.Bind(0, Nothing, null).Port));
        }

        Assert.Equal(1024, ports.Min());
        Assert.Throws<InvalidOperationException>(() => Udp.Bind(0, Nothing, null));
    }

    [Fact]
    public void Nothing_is_sent_to_port_zero() =>
        Assert.False(_rig.Send(1, new IpEndpoint(Lab.Peer, 0), "x"u8));

    [Fact]
    public void A_handler_may_release_its_own_port()
    {
        UdpBinding? binding = null;
        int calls = 0;
        binding = Udp.Bind(
            7,
            (in UdpDatagram _) =>
            {
                calls++;
                Udp.Release(binding!);
            },
            null
        );
        _rig.Receive(Frames.Udp("x"u8));
        _rig.Receive(Frames.Udp("x"u8));
        Assert.Equal(1, calls);
    }
}
