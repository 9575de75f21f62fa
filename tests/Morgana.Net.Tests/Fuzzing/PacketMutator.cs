using System.Buffers.Binary;
using System.Numerics;

namespace Morgana.Net.Tests;

/// <summary>
/// Spoils good frames, the same way for the same seed, without allocating. Most of them get their checksums repaired afterwards, because
/// what a checksum stops at the door tells nothing about the rooms behind.
/// </summary>
internal sealed class PacketMutator
{
    private const int Ethernet = 14;

    private static readonly ushort[] Interesting =
    [
        0,
        1,
        7,
        8,
        0x13,
        0x14,
        0x1fff,
        0x2000,
        0x3fff,
        0x4000,
        0x7fff,
        0x8000,
        0xfff8,
        0xffff,
    ];

    private readonly byte[][] _good;
    private ulong _state;

    /// <param name="good">Frames to begin with, one of each kind.</param>
    public PacketMutator(ulong seed, params byte[][] good)
    {
        _state = seed | 1;
        _good = good;
    }

    /// <summary>Writes the next frame.</summary>
    /// <returns>Its length: 0 to the buffer's.</returns>
    public int Next(Span<byte> buffer)
    {
        byte[] good = _good[Below(_good.Length)];
        good.CopyTo(buffer);
        int length = good.Length;
        for (int i = Below(4) == 0 ? 0 : 1 + Below(6); i > 0; i--)
        {
            length = Mutate(buffer, length);
        }

        if (Below(8) != 0)
        {
            Repair(buffer[..length]);
        }

        return length;
    }

    /// <summary>Makes the checksums of an IPv4 frame right, as far as its lengths allow.</summary>
    public static void Repair(Span<byte> frame)
    {
        if (
            frame.Length < Ethernet + 20
            || BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != 0x0800
        )
        {
            return;
        }

        Span<byte> datagram = frame[Ethernet..];
        int header = (datagram[0] & 0xf) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        if (header < 20 || header > datagram.Length)
        {
            return;
        }

        Sum(datagram[..header], 10, default);
        if (
            total < header
            || total > datagram.Length
            || (BinaryPrimitives.ReadUInt16BigEndian(datagram[6..]) & 0x3fff) != 0
        )
        {
            return;
        }

        Span<byte> payload = datagram[header..total];
        if (datagram[9] == 1 && payload.Length >= 4)
        {
            Sum(payload, 2, default);
        }
        else if (datagram[9] == 17 && payload.Length >= 8)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(payload[4..]);
            if (length < 8 || length > payload.Length)
            {
                return;
            }

            InternetChecksum checksum = default;
            checksum.AddPseudoHeader(
                IpAddress.ReadV4(datagram[12..]),
                IpAddress.ReadV4(datagram[16..]),
                IpProtocol.Udp,
                length
            );
            Sum(payload[..length], 6, checksum);
        }
    }

    private static void Sum(Span<byte> bytes, int at, InternetChecksum checksum)
    {
        bytes[at] = 0;
        bytes[at + 1] = 0;
        checksum.Add(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[at..], checksum.Finish());
    }

    private int Mutate(Span<byte> buffer, int length)
    {
        if (length < 2)
        {
            return Math.Min(buffer.Length, Below(64));
        }

        // Headers are at the front: half of the blows fall there, most behind the Ethernet header.
        int at = Below(2) == 0 ? Below(length - 1) : Math.Min(length - 2, Ethernet + Below(36));
        switch (Below(9))
        {
            case 0:
                buffer[at] ^= (byte)(1 << Below(8));
                return length;
            case 1:
                buffer[at] = (byte)Below(256);
                return length;
            case 2:
                BinaryPrimitives.WriteUInt16BigEndian(
                    buffer[(at & ~1)..],
                    Interesting[Below(Interesting.Length)]
                );
                return length;
            case 3:
                buffer[at] += (byte)(Below(2) == 0 ? 1 : 255);
                return length;
            case 4:
                return Below(length);
            case 5:
                int longer = Math.Min(buffer.Length, length + Below(100));
                buffer[length..longer].Fill((byte)Below(256));
                return longer;
            case 6:
                byte[] other = _good[Below(_good.Length)];
                int from = Below(other.Length);
                int count = Math.Min(Math.Min(other.Length - from, length - at), 1 + Below(32));
                other.AsSpan(from, count).CopyTo(buffer[at..]);
                return length;
            case 7:
                // Another identification, offset and flags: fragments of every kind.
                if (length >= Ethernet + 8)
                {
                    buffer[Ethernet + 5] = (byte)Below(20);
                    BinaryPrimitives.WriteUInt16BigEndian(
                        buffer[(Ethernet + 6)..],
                        (ushort)(Below(2) * 0x2000 | (Below(4) == 0 ? Below(0x2000) : Below(16)))
                    );
                }

                return length;
            default:
                // Another sender: the tables see many hosts.
                if (length >= 34)
                {
                    buffer[Ethernet + 15] = (byte)Below(256);
                    buffer[Ethernet + 17] = (byte)Below(256);
                }

                return length;
        }
    }

    private int Below(int bound)
    {
        // xorshift64*: fast, and good enough to throw stones with.
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return (int)((ulong)(uint)((_state * 2685821657736338717) >> 32) * (uint)bound >> 32);
    }
}
