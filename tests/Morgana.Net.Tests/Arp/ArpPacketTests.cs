using CsCheck;
using Morgana.Runtime;

namespace Morgana.Net.Tests;

public sealed class ArpPacketTests
{
    private static readonly Gen<MacAddress> AnyHardware = Gen
        .Byte.Array[6]
        .Select(bytes => MacAddress.Read(bytes));

    [Fact]
    public void A_request_stands_where_RFC_826_puts_it()
    {
        byte[] bytes = Hex.Bytes(
            """
            0001 0800 06 04 0001
            020000000001 0a000001
            000000000000 0a000002
            """
        );

        Assert.True(ArpPacket.TryParse(bytes, out ArpPacket packet));
        Assert.Equal(
            new ArpPacket(ArpOperation.Request, Lab.PeerHardware, Lab.Peer, default, Lab.Us),
            packet
        );

        byte[] written = new byte[ArpPacket.Length];
        packet.Write(written);
        Assert.Equal(bytes, written);
    }

    [Theory]
    [InlineData(0, "0006 0800 06 04 0001")] // another hardware: IEEE 802
    [InlineData(1, "0001 86dd 06 04 0001")] // another protocol
    [InlineData(2, "0001 0800 08 04 0001")] // lengths that lie
    [InlineData(3, "0001 0800 06 10 0001")]
    [InlineData(4, "0001 0800 06 04 0000")]
    [InlineData(5, "0001 0800 06 04 0003")] // RARP
    public void Other_kinds_are_refused(int _, string start) =>
        Assert.False(ArpPacket.TryParse([.. Hex.Bytes(start), .. new byte[20]], out ArpPacket _));

    [Fact]
    public void Every_shorter_packet_is_refused()
    {
        byte[] bytes = Frames.ArpRequest()[EthernetFrame.HeaderLength..];
        for (int length = 0; length < ArpPacket.Length; length++)
        {
            Assert.False(ArpPacket.TryParse(bytes.AsSpan(0, length), out _));
        }

        Assert.True(ArpPacket.TryParse([.. bytes, .. new byte[18]], out _));
    }

    [Fact]
    public void Packets_round_trip() =>
        Gen.Select(Gen.Bool, AnyHardware, Gen.UInt, AnyHardware, Gen.UInt)
            .Sample(
                (isReply, sender, senderBits, target, targetBits) =>
                {
                    ArpPacket packet = new(
                        isReply ? ArpOperation.Reply : ArpOperation.Request,
                        sender,
                        IpAddress.FromV4(senderBits),
                        target,
                        IpAddress.FromV4(targetBits)
                    );
                    byte[] bytes = new byte[ArpPacket.Length];
                    packet.Write(bytes);
                    return ArpPacket.TryParse(bytes, out ArpPacket read) && read == packet;
                }
            );

    [Fact]
    public void What_is_read_is_written_the_same() =>
        Gen
            .Byte.Array[20, 40]
            .Sample(bytes =>
            {
                Hex.Bytes("0001 0800 06 04 0001").CopyTo(bytes, 0);
                if (ArpPacket.TryParse(bytes, out ArpPacket packet))
                {
                    byte[] written = new byte[ArpPacket.Length];
                    packet.Write(written);
                    Assert.Equal(bytes[..ArpPacket.Length], written);
                }
            });
}
