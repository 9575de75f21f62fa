using CsCheck;

namespace Morgana.Net.Tests;

public sealed class Ipv4PacketTests
{
    // 10.0.0.1 -> 10.0.0.2, UDP, time to live 64, identification 1234, "record route" and its padding as options, two bytes of payload.
    private static readonly byte[] WithOptions = Hex.Bytes(
        """
        4700 001e 1234 4000 4011 0000 0a000001 0a000002
        0707 0400000000 00
        cafe
        """
    );

    static Ipv4PacketTests() => Frames.RepairHeader(WithOptions);

    [Fact]
    public void A_header_with_options_is_read_where_RFC_791_puts_it()
    {
        // The sum by hand: 4700+001e+1234+4000+4011+0a00+0001+0a00+0002+0707+0400+0000+0000 = f86d, its complement 0792.
        Assert.Equal(Hex.Bytes("0792"), WithOptions[10..12]);
        Assert.True(Ipv4Packet.TryParse(WithOptions, out Ipv4Packet packet, out DropReason reason));
        Assert.Equal(DropReason.None, reason);
        Assert.Equal(28, packet.HeaderLength);
        Assert.Equal(0x1234, packet.Identification);
        Assert.True(packet.DontFragment);
        Assert.False(packet.MoreFragments);
        Assert.Equal(0, packet.FragmentOffset);
        Assert.False(packet.IsFragment);
        Assert.Equal(64, packet.TimeToLive);
        Assert.Equal(IpProtocol.Udp, packet.Protocol);
        Assert.Equal(Lab.Peer, packet.Source);
        Assert.Equal(Lab.Us, packet.Destination);
        Assert.Equal(Hex.Bytes("0707040000000000"), packet.Options);
        Assert.Equal(Hex.Bytes("cafe"), packet.Payload);
    }

    [Fact]
    public void What_follows_the_total_length_is_padding()
    {
        Assert.True(
            Ipv4Packet.TryParse([.. WithOptions, .. new byte[18]], out Ipv4Packet packet, out _)
        );
        Assert.Equal(Hex.Bytes("cafe"), packet.Payload);
    }

    [Fact]
    public void Every_shorter_datagram_is_refused()
    {
        for (int length = 0; length < WithOptions.Length; length++)
        {
            Assert.False(
                Ipv4Packet.TryParse(WithOptions.AsSpan(0, length), out _, out DropReason reason)
            );
            Assert.Equal(DropReason.Ipv4Truncated, reason);
        }
    }

    [Theory]
    [InlineData(0, 0x67)] // version 6
    [InlineData(0, 0x44)] // a header of 16 bytes
    [InlineData(0, 0x40)]
    [InlineData(3, 0x1b)] // a total length one below the header's
    public void Lengths_and_versions_that_lie_are_refused(int at, byte value)
    {
        byte[] bytes = [.. WithOptions];
        bytes[at] = value;
        Assert.False(Ipv4Packet.TryParse(bytes, out _, out DropReason reason));
        Assert.Equal(DropReason.Ipv4Malformed, reason);
    }

    [Fact]
    public void A_wrong_bit_anywhere_in_the_header_is_noticed()
    {
        for (int bit = 0; bit < 28 * 8; bit++)
        {
            byte[] bytes = [.. WithOptions];
            bytes[bit / 8] ^= (byte)(1 << bit % 8);
            Assert.False(Ipv4Packet.TryParse(bytes, out _, out _));
        }
    }

    [Fact]
    public void Headers_round_trip() =>
        Gen.Select(
                Gen.UInt,
                Gen.UInt,
                Gen.Byte,
                Gen.UShort,
                Gen.Int[0, 8191],
                Gen.Byte[1, 255],
                Gen.Byte.Array[0, 50],
                Gen.Bool
            )
            .Sample(
                (source, destination, protocol, id, offset, ttl, payload, flag) =>
                {
                    Ipv4Header header = new()
                    {
                        Source = IpAddress.FromV4(source),
                        Destination = IpAddress.FromV4(destination),
                        Protocol = (IpProtocol)protocol,
                        Identification = id,
                        FragmentOffset = offset * 8,
                        MoreFragments = flag,
                        DontFragment = !flag,
                        TimeToLive = ttl,
                    };
                    byte[] bytes = new byte[Ipv4Header.Length + payload.Length];
                    header.Write(bytes, payload.Length);
                    payload.CopyTo(bytes, Ipv4Header.Length);
                    Assert.True(Ipv4Packet.TryParse(bytes, out Ipv4Packet packet, out _));
                    Assert.Equal(header.Source, packet.Source);
                    Assert.Equal(header.Destination, packet.Destination);
                    Assert.Equal(header.Protocol, packet.Protocol);
                    Assert.Equal(id, packet.Identification);
                    Assert.Equal(offset * 8, packet.FragmentOffset);
                    Assert.Equal(flag, packet.MoreFragments);
                    Assert.Equal(!flag, packet.DontFragment);
                    Assert.Equal(ttl, packet.TimeToLive);
                    Assert.Equal(payload, packet.Payload);
                }
            );

    [Fact]
    public void Random_bytes_never_throw_and_every_part_of_what_is_accepted_can_be_read() =>
        Gen
            .Byte.Array[0, 80]
            .Sample(
                bytes =>
                {
                    if (bytes.Length > 0)
                    {
                        bytes[0] = (byte)(0x40 | bytes[0] & 0xf);
                    }

                    if (bytes.Length > 3)
                    {
                        bytes[2] = 0;
                    }

                    if (bytes.Length >= 60)
                    {
                        Frames.RepairHeader(bytes);
                    }

                    if (Ipv4Packet.TryParse(bytes, out Ipv4Packet packet, out _))
                    {
                        Assert.Equal(bytes[3], packet.Header.Length + packet.Payload.Length);
                        _ = Ipv4Options.HasSourceRoute(packet.Options);
                    }

                    if (Ipv4Packet.TryParseQuoted(bytes, out Ipv4Packet quoted))
                    {
                        Assert.True(quoted.Header.Length + quoted.Payload.Length <= bytes.Length);
                    }
                },
                iter: 5_000
            );

    [Theory]
    [InlineData("", false)]
    [InlineData("00000000", false)]
    [InlineData("01010101", false)]
    [InlineData("83030400", true)] // loose source route
    [InlineData("89030400", true)] // strict source route
    [InlineData("0101018303040000", true)] // behind others
    [InlineData("07070400000000 01 83030400", true)]
    [InlineData("00830304", false)] // behind the end of the list
    [InlineData("44000000 83030400", false)] // a length of zero: no endless loop
    [InlineData("44010000 83030400", false)] // a length that does not cover itself
    [InlineData("44ff0000", false)] // a length beyond the options
    [InlineData("01010144", false)] // no room for a length
    public void A_source_route_is_found_wherever_it_stands(string options, bool expected) =>
        Assert.Equal(expected, Ipv4Options.HasSourceRoute(Hex.Bytes(options)));
}
