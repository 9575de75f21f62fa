using CsCheck;

namespace Morgana.Net.Tests;

public sealed class UdpPacketTests
{
    private static readonly IpEndpoint From = new(Lab.Peer, 1);
    private static readonly IpEndpoint To = new(Lab.Us, 2);

    [Fact]
    public void A_segment_stands_where_RFC_768_puts_it()
    {
        // The sum by hand: the pseudo-header 0a00+0001+0a00+0002+0011+000a, the header 0001+0002+000a, the data 0102: 152d; ~ = ead2.
        byte[] bytes = Hex.Bytes("0001 0002 000a ead2 0102");
        Assert.Equal(bytes, Frames.UdpSegment(From, To, Hex.Bytes("0102")));
        Assert.True(UdpPacket.TryParse(bytes, Lab.Peer, Lab.Us, out UdpPacket packet, out _));
        Assert.Equal(1, packet.SourcePort);
        Assert.Equal(2, packet.DestinationPort);
        Assert.Equal(Hex.Bytes("0102"), packet.Payload);
    }

    [Fact]
    public void A_checksum_of_zero_is_sent_as_ffff()
    {
        // As above with data that makes the sum ffff: 142b + ebd4.
        byte[] bytes = Frames.UdpSegment(From, To, Hex.Bytes("ebd4"));
        Assert.Equal(Hex.Bytes("0001 0002 000a ffff ebd4"), bytes);
        Assert.True(UdpPacket.TryParse(bytes, Lab.Peer, Lab.Us, out _, out _));
    }

    [Fact]
    public void A_sender_that_makes_no_checksum_is_believed_over_IPv4_only()
    {
        byte[] bytes = Hex.Bytes("0001 0002 000a 0000 0102");
        Assert.True(UdpPacket.TryParse(bytes, Lab.Peer, Lab.Us, out _, out _));
        IpAddress v6 = IpAddress.Parse("2001:db8::1", null);
        Assert.False(UdpPacket.TryParse(bytes, v6, v6, out _, out DropReason reason));
        Assert.Equal(DropReason.UdpBadChecksum, reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0001 0002 0008 00")] // seven bytes
    [InlineData("0001 0002 0007 0000")] // a length below the header's
    [InlineData("0001 0002 0000 0000")]
    [InlineData("0001 0002 0009 0000")] // a length beyond what is there
    public void Lengths_that_lie_are_refused(string bytes)
    {
        Assert.False(
            UdpPacket.TryParse(Hex.Bytes(bytes), Lab.Peer, Lab.Us, out _, out DropReason reason)
        );
        Assert.Equal(DropReason.UdpMalformed, reason);
    }

    [Fact]
    public void What_follows_the_length_is_not_part_of_it()
    {
        byte[] bytes = [.. Hex.Bytes("0001 0002 000a ead2 0102"), 9, 9, 9];
        Assert.True(UdpPacket.TryParse(bytes, Lab.Peer, Lab.Us, out UdpPacket packet, out _));
        Assert.Equal(2, packet.Payload.Length);
    }

    [Fact]
    public void Segments_round_trip_over_both_versions_of_IP() =>
        Gen.Select(Gen.UShort, Gen.UShort, Gen.ULong, Gen.ULong, Gen.Byte.Array[0, 70], Gen.Bool)
            .Sample(
                (fromPort, toPort, a, b, payload, isV6) =>
                {
                    IpAddress from = isV6
                        ? IpAddress.FromV6(new UInt128(a, b))
                        : IpAddress.FromV4((uint)a);
                    IpAddress to = isV6
                        ? IpAddress.FromV6(new UInt128(b, a))
                        : IpAddress.FromV4((uint)b);
                    byte[] bytes = Frames.UdpSegment(
                        new IpEndpoint(from, fromPort),
                        new IpEndpoint(to, toPort),
                        payload
                    );
                    Assert.True(UdpPacket.TryParse(bytes, from, to, out UdpPacket packet, out _));
                    Assert.Equal(fromPort, packet.SourcePort);
                    Assert.Equal(toPort, packet.DestinationPort);
                    Assert.NotEqual(0, packet.Checksum);
                    Assert.Equal(payload, packet.Payload);
                }
            );

    [Fact]
    public void A_wrong_bit_anywhere_is_noticed()
    {
        byte[] good = Frames.UdpSegment(From, To, "some payload"u8);
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            byte[] bytes = [.. good];
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(UdpPacket.TryParse(bytes, Lab.Peer, Lab.Us, out _, out _));
        }
    }

    [Fact]
    public void Random_bytes_never_throw() =>
        Gen
            .Byte.Array[0, 40]
            .Sample(bytes =>
                UdpPacket.TryParse(bytes, Lab.Peer, Lab.Us, out _, out DropReason reason)
                || reason is DropReason.UdpMalformed or DropReason.UdpBadChecksum
            );
}
