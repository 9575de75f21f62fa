using CsCheck;
using Morgana.Cli.Run.Internet;

namespace Morgana.Cli.Tests.Run;

public sealed class Ipv4UdpPacketTests
{
    private static readonly Gen<Ipv4UdpPacket> Header = Gen.Select(
        Gen.UInt,
        Gen.UShort,
        Gen.UInt,
        Gen.UShort,
        (source, sourcePort, destination, destinationPort) =>
            new Ipv4UdpPacket(source, sourcePort, destination, destinationPort)
    );

    [Fact]
    public void What_is_written_is_read_back() =>
        Gen.Select(Header, Gen.Byte.Array[0, 2000])
            .Sample(
                (header, payload) =>
                {
                    byte[] packet = Packet(header, payload);
                    Assert.True(
                        Ipv4UdpPacket.TryRead(packet, out Ipv4UdpPacket read, out var carried)
                    );
                    Assert.Equal(header, read);
                    Assert.True(carried.SequenceEqual(payload));
                }
            );

    [Fact]
    public void The_longest_payload_fits()
    {
        byte[] payload = new byte[Ipv4UdpPacket.MaximumPayload];
        payload.AsSpan().Fill(0xff);
        Assert.True(
            Ipv4UdpPacket.TryRead(Packet(new(1, 2, 3, 4), payload), out _, out var carried)
        );
        Assert.Equal(payload.Length, carried.Length);
    }

    [Fact]
    public void A_flipped_bit_never_passes_as_another_datagram() =>
        Gen.Select(Header, Gen.Byte.Array[0, 64], Gen.Int[0, (28 * 8) - 1])
            .Sample(
                (header, payload, bit) =>
                {
                    byte[] packet = Packet(header, payload);
                    packet[bit / 8] ^= (byte)(1 << (bit % 8));
                    if (Ipv4UdpPacket.TryRead(packet, out Ipv4UdpPacket read, out _))
                    {
                        // Only a UDP checksum that became zero, "none", leaves the datagram readable; and then as it was.
                        Assert.Equal(header, read);
                        Assert.Equal(0, packet[26] | packet[27]);
                    }
                }
            );

    [Fact]
    public void Mutated_and_cut_packets_never_throw_and_never_give_more_than_they_hold() =>
        Gen.Select(
                Header,
                Gen.Byte.Array[0, 64],
                Gen.Select(Gen.Int[0, 91], Gen.Byte).Array[0, 6],
                Gen.Int[0, 92]
            )
            .Sample(
                (header, payload, changes, kept) =>
                {
                    byte[] packet = Packet(header, payload);
                    foreach ((int at, byte value) in changes)
                    {
                        packet[at % packet.Length] = value;
                    }

                    ReadOnlySpan<byte> cut = packet.AsSpan(0, Math.Min(kept, packet.Length));
                    if (Ipv4UdpPacket.TryRead(cut, out _, out ReadOnlySpan<byte> carried))
                    {
                        Assert.True(carried.Length <= cut.Length - Ipv4UdpPacket.HeaderLength);
                    }
                }
            );

    private static byte[] Packet(Ipv4UdpPacket header, byte[] payload)
    {
        byte[] packet = new byte[Ipv4UdpPacket.HeaderLength + payload.Length];
        payload.CopyTo(packet, Ipv4UdpPacket.HeaderLength);
        Assert.Equal(packet.Length, header.Write(packet, payload.Length));
        return packet;
    }
}
