using Morgana.Runtime;

namespace Morgana.Net.Tests;

/// <summary>The ARP cache, through a whole host: who gets in, who is asked, who leaves.</summary>
public sealed class ArpCacheTests
{
    private static readonly IpEndpoint NeighbourPort = new(Lab.Neighbour, 9);

    private readonly HostRig _rig = new();

    private ArpCache Cache => _rig.Host.Arp.Cache;

    [Fact]
    public void A_request_for_us_is_answered_and_its_sender_learnt()
    {
        _rig.Receive(Frames.ArpRequest());

        ArpPacket reply = _rig.TakeArp(out MacAddress to);
        Assert.Equal(Lab.PeerHardware, to);
        Assert.Equal(
            new ArpPacket(ArpOperation.Reply, Lab.OurHardware, Lab.Us, Lab.PeerHardware, Lab.Peer),
            reply
        );
        Assert.Equal(ArpEntryState.Reachable, Cache.StateOf(Lab.Peer));
    }

    [Fact]
    public void A_request_for_another_host_is_not_answered_and_teaches_nothing()
    {
        _rig.Receive(Frames.Arp(ArpOperation.Request, Lab.PeerHardware, Lab.Peer, Lab.Neighbour));

        Assert.Empty(_rig.Sent);
        Assert.Equal(0, Cache.Count);
    }

    [Fact]
    public void An_unsolicited_reply_adds_nothing()
    {
        _rig.Receive(Frames.ArpReply(Lab.Neighbour, Lab.OtherHardware));

        Assert.Equal(0, Cache.Count);
    }

    [Fact]
    public void A_gratuitous_announcement_adds_nothing_but_updates_what_is_known()
    {
        byte[] announcement = Frames.Arp(
            ArpOperation.Request,
            Lab.OtherHardware,
            Lab.Peer,
            Lab.Peer
        );
        _rig.Receive(announcement);
        Assert.Equal(0, Cache.Count);

        _rig.KnowPeer();
        _rig.AdvanceSeconds(2);
        _rig.Receive(announcement);
        Cache.Lookup(_rig.Now, Lab.Peer, out MacAddress hardware);

        Assert.Equal(Lab.OtherHardware, hardware);
    }

    [Fact]
    public void The_first_of_two_answers_wins()
    {
        _rig.Send(1, NeighbourPort, "x"u8);
        _rig.Receive(Frames.ArpReply(Lab.Neighbour, Lab.PeerHardware));
        _rig.Receive(Frames.ArpReply(Lab.Neighbour, Lab.OtherHardware));

        Cache.Lookup(_rig.Now, Lab.Neighbour, out MacAddress hardware);
        Assert.Equal(Lab.PeerHardware, hardware);
    }

    [Theory]
    [InlineData("192.0.2.33")] // not on the link
    [InlineData("10.0.0.0")] // the network
    [InlineData("10.0.0.255")] // the broadcast address
    [InlineData("127.0.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    public void A_sender_that_cannot_be_a_neighbour_is_not_learnt_and_not_answered(string sender)
    {
        Assert.Equal(
            DropReason.ArpBadSender,
            _rig.Drop(Frames.ArpRequest(IpAddress.Parse(sender, null)))
        );
        Assert.Equal(0, Cache.Count);
        Assert.Empty(_rig.Sent);
    }

    [Theory]
    [InlineData("ff:ff:ff:ff:ff:ff")]
    [InlineData("01:00:5e:00:00:01")]
    [InlineData("00:00:00:00:00:00")]
    [InlineData("02:00:00:00:00:02")] // our own
    public void A_hardware_address_that_is_no_other_station_is_not_learnt(string hardware)
    {
        byte[] frame = Frames.ArpRequest();
        MacAddress.Parse(hardware, null).Write(frame.AsSpan(EthernetFrame.HeaderLength + 8));

        Assert.Equal(DropReason.ArpBadSender, _rig.Drop(frame));
        Assert.Equal(0, Cache.Count);
    }

    [Fact]
    public void Datagrams_wait_for_the_answer_and_go_out_in_order()
    {
        Assert.True(_rig.Send(1, NeighbourPort, "a"u8));
        Assert.True(_rig.Send(1, NeighbourPort, "b"u8));

        ArpPacket request = _rig.TakeArp(out MacAddress to);
        Assert.Equal(MacAddress.Broadcast, to);
        Assert.Equal(
            new ArpPacket(ArpOperation.Request, Lab.OurHardware, Lab.Us, default, Lab.Neighbour),
            request
        );
        Assert.Equal(2, Cache.PendingFrames);

        _rig.Receive(Frames.ArpReply(Lab.Neighbour, Lab.OtherHardware));

        byte[][] sent = _rig.Take();
        Assert.Equal(2, sent.Length);
        Assert.Equal(["a"u8[0], "b"u8[0]], sent.Select(frame => frame[^1]));
        Assert.All(sent, frame => Assert.Equal(Lab.OtherHardware, MacAddress.Read(frame)));
        Assert.Equal(0, Cache.PendingFrames);
    }

    [Fact]
    public void A_neighbour_that_waits_for_us_too_is_resolved_by_its_own_request()
    {
        _rig.Send(1, NeighbourPort, "a"u8);
        _rig.Take();

        _rig.Receive(Frames.ArpRequest(Lab.Neighbour, Lab.OtherHardware));

        Assert.Equal(2, _rig.Take().Length);
        Assert.Equal(ArpEntryState.Reachable, Cache.StateOf(Lab.Neighbour));
    }

    [Fact]
    public void Too_many_waiting_frames_push_the_oldest_out()
    {
        int limit = ArpLimits.Default.FramesPerEntry;
        for (byte i = 0; i < limit + 3; i++)
        {
            Assert.True(_rig.Send(1, NeighbourPort, [i]));
        }

        Assert.Equal(limit, Cache.PendingFrames);
        Assert.Equal(3, _rig.Counters.UnresolvedFramesDropped);
        _rig.Take();
        _rig.Receive(Frames.ArpReply(Lab.Neighbour, Lab.OtherHardware));
        byte[][] sent = _rig.Take();
        Assert.Equal(limit, sent.Length);
        Assert.Equal(3, sent[0][^1]);
        Assert.Equal(limit + 2, sent[^1][^1]);
    }

    [Fact]
    public void All_waiting_frames_together_are_bounded()
    {
        for (int host = 0; host < 10; host++)
        {
            for (byte i = 0; i < 10; i++)
            {
                _rig.Send(
                    1,
                    new IpEndpoint(IpAddress.FromV4(10, 0, 0, (byte)(100 + host)), 9),
                    [i]
                );
            }
        }

        Assert.Equal(ArpLimits.Default.Frames, Cache.PendingFrames);
        _rig.AdvanceSeconds(10);
        Assert.Equal(0, Cache.PendingFrames);
        Assert.Equal(0, Cache.Count);
    }

    [Fact]
    public void A_datagram_in_more_pieces_than_may_wait_is_refused_whole()
    {
        Assert.False(_rig.Send(1, NeighbourPort, new byte[30_000]));
        Assert.Equal(0, Cache.PendingFrames);
        // It was asked for nevertheless, so that the next one has a chance.
        Assert.Equal(ArpEntryState.Resolving, Cache.StateOf(Lab.Neighbour));
        _rig.Take();
        _rig.Receive(Frames.ArpReply(Lab.Neighbour, Lab.OtherHardware));
        Assert.True(_rig.Send(1, NeighbourPort, new byte[30_000]));
    }

    [Fact]
    public void A_silent_neighbour_is_asked_once_a_second_and_given_up_after_three()
    {
        List<UdpError> errors = [];
        _rig.Host.Udp.Bind(
            4000,
            (in UdpDatagram _) => { },
            (in UdpError error) => errors.Add(error)
        );
        _rig.Send(4000, NeighbourPort, "a"u8);
        Assert.Single(_rig.Take());
        for (int i = 0; i < 2; i++)
        {
            _rig.AdvanceSeconds(0.9);
            Assert.Empty(_rig.Take());
            _rig.AdvanceSeconds(0.1);
            Assert.Single(_rig.Take());
        }

        Assert.Empty(errors);
        _rig.AdvanceSeconds(1);

        Assert.Empty(_rig.Take());
        Assert.Equal(ArpEntryState.Free, Cache.StateOf(Lab.Neighbour));
        Assert.Equal(
            new UdpError(
                UdpErrorKind.HostUnreachable,
                new IpEndpoint(Lab.Us, 4000),
                NeighbourPort,
                Lab.Us,
                0
            ),
            Assert.Single(errors)
        );
        Assert.Equal(Instant.Never, _rig.Host.NextDeadline);
    }

    [Fact]
    public void Who_hears_of_a_loss_may_send_again_at_once()
    {
        int losses = 0;
        _rig.Host.Udp.Bind(
            4000,
            (in UdpDatagram _) => { },
            (in UdpError error) =>
            {
                losses++;
                if (losses <= 5)
                {
                    Assert.True(_rig.Send(4000, error.Destination, "again"u8));
                }
            }
        );
        _rig.Send(4000, NeighbourPort, "a"u8);
        _rig.Send(4000, NeighbourPort, "b"u8);
        _rig.AdvanceSeconds(60);

        Assert.Equal(7, losses);
        Assert.Equal(0, Cache.PendingFrames);
        Assert.Equal(0, Cache.Count);
        Assert.Equal(Instant.Never, _rig.Host.NextDeadline);
    }

    [Fact]
    public void An_entry_in_use_is_refreshed_by_a_unicast_probe_before_it_expires()
    {
        _rig.KnowPeer();
        _rig.AdvanceSeconds(10);
        _rig.Send(1, new IpEndpoint(Lab.Peer, 9), "x"u8);
        _rig.Take();
        _rig.AdvanceSeconds(34.9);
        Assert.Empty(_rig.Sent);
        _rig.AdvanceSeconds(0.1);

        ArpPacket probe = _rig.TakeArp(out MacAddress to);
        Assert.Equal(Lab.PeerHardware, to);
        Assert.Equal(ArpOperation.Request, probe.Operation);
        Assert.Equal(Lab.Peer, probe.TargetAddress);

        // It is used on while it is asked.
        Assert.True(_rig.Send(1, new IpEndpoint(Lab.Peer, 9), "x"u8));
        Assert.Equal(Lab.PeerHardware, MacAddress.Read(_rig.TakeOne()));
        _rig.Receive(Frames.ArpReply(Lab.Peer, Lab.PeerHardware));
        Assert.Equal(ArpEntryState.Reachable, Cache.StateOf(Lab.Peer));
        _rig.AdvanceSeconds(44);
        Assert.Equal(ArpEntryState.Reachable, Cache.StateOf(Lab.Peer));
    }

    [Fact]
    public void An_entry_in_use_that_does_not_answer_expires_after_three_probes()
    {
        _rig.KnowPeer();
        _rig.Send(1, new IpEndpoint(Lab.Peer, 9), "x"u8);
        _rig.Take();

        _rig.AdvanceSeconds(59.9);
        Assert.Equal(3, _rig.Take().Length);
        Assert.Equal(ArpEntryState.Probing, Cache.StateOf(Lab.Peer));
        _rig.AdvanceSeconds(0.1);

        Assert.Equal(ArpEntryState.Free, Cache.StateOf(Lab.Peer));
        Assert.Empty(_rig.Sent);
        _rig.Send(1, new IpEndpoint(Lab.Peer, 9), "x"u8);
        _rig.TakeArp(out MacAddress to);
        Assert.Equal(MacAddress.Broadcast, to);
    }

    [Fact]
    public void An_entry_that_nobody_uses_leaves_without_a_word()
    {
        _rig.KnowPeer();
        _rig.AdvanceSeconds(45);

        Assert.Equal(0, Cache.Count);
        Assert.Empty(_rig.Sent);
        Assert.Equal(Instant.Never, _rig.Host.NextDeadline);
    }

    [Fact]
    public void A_flood_of_requests_fills_the_table_but_pushes_no_neighbour_in_use_out()
    {
        HostRig rig = new(new Ipv4Configuration { Prefix = IpPrefix.Parse("10.0.0.2/8", null) });
        rig.KnowPeer();
        rig.Send(1, new IpEndpoint(Lab.Peer, 9), "x"u8);
        for (int i = 0; i < 10_000; i++)
        {
            rig.Receive(
                Frames.ArpRequest(IpAddress.FromV4((uint)(0x0a010000 + i)), Lab.OtherHardware)
            );
        }

        Assert.Equal(ArpLimits.Default.Entries, rig.Host.Arp.Cache.Count);
        Assert.Equal(ArpEntryState.Reachable, rig.Host.Arp.Cache.StateOf(Lab.Peer));
        Assert.Equal(
            ArpEntryState.Reachable,
            rig.Host.Arp.Cache.StateOf(IpAddress.FromV4(0x0a010000 + 9_999))
        );
    }

    [Fact]
    public void A_scan_through_us_cannot_ask_for_more_than_its_share()
    {
        HostRig rig = new(new Ipv4Configuration { Prefix = IpPrefix.Parse("10.0.0.2/8", null) });
        rig.KnowPeer();
        int accepted = 0;
        for (int i = 0; i < 1_000; i++)
        {
            accepted += rig.Send(
                1,
                new IpEndpoint(IpAddress.FromV4((uint)(0x0a010000 + i)), 9),
                "x"u8
            )
                ? 1
                : 0;
        }

        Assert.Equal(ArpLimits.Default.Resolving, accepted);
        Assert.Equal(ArpLimits.Default.Resolving, rig.Host.Arp.Cache.Resolving);
        Assert.Equal(ArpLimits.Default.Resolving, rig.Take().Length);
        Assert.True(rig.Send(1, new IpEndpoint(Lab.Peer, 9), "x"u8));
        rig.AdvanceSeconds(3);
        Assert.Equal(0, rig.Host.Arp.Cache.Resolving);
    }

    [Fact]
    public void The_least_recently_used_neighbour_gives_way_to_one_we_want()
    {
        HostRig rig = new(arp: new ArpLimits { Entries = 2 });
        IpAddress a = IpAddress.FromV4(10, 0, 0, 11);
        IpAddress b = IpAddress.FromV4(10, 0, 0, 12);
        IpAddress c = IpAddress.FromV4(10, 0, 0, 13);
        rig.Receive(Frames.ArpRequest(a));
        rig.Receive(Frames.ArpRequest(b));
        rig.Send(1, new IpEndpoint(b, 9), "x"u8);
        rig.AdvanceSeconds(1);
        rig.Send(1, new IpEndpoint(a, 9), "x"u8);

        rig.Send(1, new IpEndpoint(c, 9), "x"u8);

        Assert.Equal(ArpEntryState.Reachable, rig.Host.Arp.Cache.StateOf(a));
        Assert.Equal(ArpEntryState.Free, rig.Host.Arp.Cache.StateOf(b));
        Assert.Equal(ArpEntryState.Resolving, rig.Host.Arp.Cache.StateOf(c));
    }
}
