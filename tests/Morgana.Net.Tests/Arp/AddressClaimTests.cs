using Morgana.Runtime;

namespace Morgana.Net.Tests;

/// <summary>RFC 5227: how an address is taken, announced and defended.</summary>
public sealed class AddressClaimTests
{
    private static readonly byte[] Conflict = Frames.Arp(
        ArpOperation.Request,
        Lab.OtherHardware,
        Lab.Us,
        Lab.Us
    );

    private static HostRig Begin(AddressClaimMode mode)
    {
        HostRig rig = new(Lab.Configuration with { Claim = mode }, start: false);
        rig.Host.Start(rig.Now);
        return rig;
    }

    [Fact]
    public void An_announced_address_is_used_at_once_and_announced_twice()
    {
        HostRig rig = Begin(AddressClaimMode.Announce);

        ArpPacket announcement = rig.TakeArp(out MacAddress to);
        Assert.Equal(MacAddress.Broadcast, to);
        Assert.Equal(
            new ArpPacket(ArpOperation.Request, Lab.OurHardware, Lab.Us, default, Lab.Us),
            announcement
        );
        Assert.True(rig.Host.Arp.Claim.IsUsable);
        rig.AdvanceSeconds(1.9);
        Assert.Empty(rig.Sent);
        rig.AdvanceSeconds(0.1);
        Assert.Equal(announcement, rig.TakeArp(out _));
        rig.AdvanceSeconds(100);
        Assert.Empty(rig.Sent);
        Assert.Equal(AddressClaimState.Held, rig.Host.Arp.Claim.State);
        Assert.Equal(Instant.Never, rig.Host.NextDeadline);
    }

    [Fact]
    public void A_probed_address_is_asked_for_three_times_before_it_is_used()
    {
        HostRig rig = Begin(AddressClaimMode.Probe);
        List<Instant> times = [];
        ArpPacket probe = new(
            ArpOperation.Request,
            Lab.OurHardware,
            IpAddress.AnyV4,
            default,
            Lab.Us
        );
        Instant start = rig.Now;
        while (!rig.Host.Arp.Claim.IsUsable)
        {
            // Nothing is answered and nothing sent from the address while it is not ours.
            Assert.Equal(DropReason.Ipv4AddressNotReady, rig.Drop(Frames.Ping("x"u8)));
            rig.Receive(Frames.ArpRequest());
            Assert.False(rig.Send(1, new IpEndpoint(Lab.Peer, 9), "x"u8));
            Assert.Empty(rig.Sent);
            rig.Advance(rig.Host.NextDeadline - rig.Now);
            if (!rig.Host.Arp.Claim.IsUsable)
            {
                Assert.Equal(probe, rig.TakeArp(out MacAddress to));
                Assert.Equal(MacAddress.Broadcast, to);
                times.Add(rig.Now);
            }
        }

        Assert.Equal(3, times.Count);
        Assert.InRange(times[0] - start, TimeSpan.Zero, AddressClaim.ProbeWait);
        Assert.All(
            times.Zip(times.Skip(1), (a, b) => b - a),
            gap => Assert.InRange(gap, AddressClaim.ProbeMinimum, AddressClaim.ProbeMaximum)
        );
        Assert.Equal(AddressClaim.AnnounceWait, rig.Now - times[2]);
        Assert.Equal(Lab.Us, rig.TakeArp(out _).SenderAddress);
        rig.AdvanceSeconds(2);
        Assert.Equal(Lab.Us, rig.TakeArp(out _).SenderAddress);
        Assert.Equal(AddressClaimState.Held, rig.Host.Arp.Claim.State);
    }

    [Theory]
    [InlineData(false)] // another host has the address
    [InlineData(true)] // another host probes for it at the same time (section 2.1.1)
    public void A_conflict_while_probing_means_hands_off_for_a_minute(bool probe)
    {
        HostRig rig = Begin(AddressClaimMode.Probe);
        rig.AdvanceSeconds(1);
        rig.Take();
        rig.Receive(
            Frames.Arp(
                ArpOperation.Request,
                Lab.OtherHardware,
                probe ? IpAddress.AnyV4 : Lab.Us,
                Lab.Us
            )
        );

        Assert.Equal(AddressClaimState.Conflict, rig.Host.Arp.Claim.State);
        Assert.Equal(Lab.OtherHardware, rig.Host.Arp.Claim.ConflictingHardware);
        rig.AdvanceSeconds(59.9);
        Assert.Empty(rig.Take());
        rig.Receive(Frames.ArpRequest());
        Assert.Empty(rig.Take());
        // The other host has gone: the second try succeeds.
        rig.AdvanceSeconds(10);
        Assert.True(rig.Host.Arp.Claim.IsUsable);
    }

    [Fact]
    public void An_address_in_use_is_defended_once_in_ten_seconds_and_kept()
    {
        HostRig rig = new();
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(DropReason.ArpConflict, rig.Drop(Conflict));
        }

        Assert.Equal(Lab.Us, rig.TakeArp(out _).SenderAddress);
        Assert.Equal(100, rig.Host.Arp.Claim.Conflicts);
        rig.AdvanceSeconds(10);
        rig.Receive(Conflict);
        Assert.Single(rig.Take());
        Assert.Equal(0, rig.Host.Arp.Cache.Count);
        Assert.True(rig.Host.Arp.Claim.IsUsable);
    }

    [Fact]
    public void A_probe_for_our_address_is_answered_and_teaches_nothing()
    {
        HostRig rig = new();
        rig.Receive(Frames.Arp(ArpOperation.Request, Lab.OtherHardware, IpAddress.AnyV4, Lab.Us));

        ArpPacket reply = rig.TakeArp(out MacAddress to);
        Assert.Equal(Lab.OtherHardware, to);
        Assert.Equal(ArpOperation.Reply, reply.Operation);
        Assert.Equal(Lab.Us, reply.SenderAddress);
        Assert.Equal(0, rig.Host.Arp.Cache.Count);
    }

    [Fact]
    public void Nothing_is_sent_before_the_start()
    {
        HostRig rig = new(start: false);
        rig.Receive(Frames.ArpRequest());
        rig.Receive(Conflict);
        rig.Receive(Frames.Ping("x"u8));
        Assert.False(rig.Send(1, new IpEndpoint(Lab.Peer, 9), "x"u8));
        Assert.Empty(rig.Sent);
    }
}
