using Morgana.Runtime;

namespace Morgana.Net.Tests;

public sealed class EthernetFrameTests
{
    [Fact]
    public void A_header_stands_where_RFC_894_puts_it()
    {
        byte[] bytes = Hex.Bytes("02005e100001 020000000002 0806 beef");

        Assert.True(EthernetFrame.TryParse(bytes, out EthernetFrame frame));
        Assert.Equal("02:00:5e:10:00:01", frame.Destination.ToString());
        Assert.Equal("02:00:00:00:00:02", frame.Source.ToString());
        Assert.Equal(EtherType.Arp, frame.EtherType);
        Assert.Equal(Hex.Bytes("beef"), frame.Payload);

        byte[] written = new byte[14];
        EthernetFrame.WriteHeader(written, frame.Destination, frame.Source, frame.EtherType);
        Assert.Equal(bytes[..14], written);
    }

    [Fact]
    public void Every_shorter_frame_is_refused()
    {
        for (int length = 0; length < EthernetFrame.HeaderLength; length++)
        {
            Assert.False(EthernetFrame.TryParse(new byte[length], out _));
        }
    }

    [Fact]
    public void Frames_for_others_or_from_nobody_are_not_looked_at()
    {
        HostRig rig = new();
        byte[] datagram = Frames.Datagram(IpProtocol.Udp, []);

        Assert.Equal(DropReason.EthernetTruncated, rig.Drop(new byte[13]));
        Assert.Equal(
            DropReason.EthernetNotForUs,
            rig.Drop(Frames.Ethernet(datagram, to: Lab.OtherHardware))
        );
        Assert.Equal(
            DropReason.EthernetNotForUs,
            rig.Drop(Frames.Ethernet(datagram, to: MacAddress.Parse("01:00:5e:00:00:01", null)))
        );
        Assert.Equal(
            DropReason.EthernetBadSource,
            rig.Drop(Frames.Ethernet(datagram, from: MacAddress.Broadcast))
        );
        Assert.Equal(
            DropReason.EthernetBadSource,
            rig.Drop(Frames.Ethernet(datagram, from: Lab.OurHardware))
        );
        Assert.Equal(
            DropReason.EthernetUnknownType,
            rig.Drop(Frames.Ethernet(datagram, EtherType.Ipv6))
        );
        Assert.Empty(rig.Sent);
    }
}
