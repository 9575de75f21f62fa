using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Morgana.EndToEnd.Network;

/// <summary>
/// Builds right Ethernet frames: what mutations start from. (Written apart from <c>src/Morgana.Net</c>, so that a
/// mistake there is not made here too.)
/// </summary>
internal static class Frames
{
    private const int EthernetLength = 14;

    /// <summary>An ARP ask or announcement.</summary>
    public static byte[] Arp(
        byte[] target,
        byte[] source,
        bool request,
        string sender,
        string asked
    )
    {
        byte[] frame = Ethernet(target, source, 0x0806, 28);
        Span<byte> arp = frame.AsSpan(EthernetLength);
        ((ReadOnlySpan<byte>)[0, 1, 8, 0, 6, 4, 0, (byte)(request ? 1 : 2)]).CopyTo(arp);
        source.CopyTo(arp[8..]);
        IPAddress.Parse(sender).GetAddressBytes().CopyTo(arp[14..]);
        (request ? new byte[6] : target).CopyTo(arp[18..]);
        IPAddress.Parse(asked).GetAddressBytes().CopyTo(arp[24..]);
        return frame;
    }

    /// <summary>An echo request.</summary>
    public static byte[] Echo(byte[] target, byte[] source, string from, string to, int length)
    {
        byte[] frame = Ip(target, source, from, to, 1, 8 + length);
        frame[EthernetLength + 20] = 8;
        FixChecksums(frame);
        return frame;
    }

    /// <summary>A UDP datagram.</summary>
    public static byte[] Udp(
        byte[] target,
        byte[] source,
        string from,
        ushort fromPort,
        string to,
        ushort toPort,
        ReadOnlySpan<byte> payload
    )
    {
        byte[] frame = Ip(target, source, from, to, 17, 8 + payload.Length);
        Span<byte> udp = frame.AsSpan(EthernetLength + 20);
        BinaryPrimitives.WriteUInt16BigEndian(udp, fromPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], toPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)(8 + payload.Length));
        payload.CopyTo(udp[8..]);
        FixChecksums(frame);
        return frame;
    }

    /// <summary>A query for one name with an EDNS record.</summary>
    public static byte[] Query(ushort id, string name, ushort type)
    {
        List<byte> message = [(byte)(id >> 8), (byte)id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1];
        AddName(message, name);
        message.AddRange((byte[])[(byte)(type >> 8), (byte)type, 0, 1]);
        message.AddRange((byte[])[0, 0, 41, 1232 >> 8, 1232 & 255, 0, 0, 0, 0, 0, 0]);
        return [.. message];
    }

    /// <summary>A response with an alias and an address, names compressed: what an upstream server could send.</summary>
    public static byte[] Response(ushort id, string name)
    {
        List<byte> message = [(byte)(id >> 8), (byte)id, 0x84, 0, 0, 1, 0, 2, 0, 0, 0, 0];
        AddName(message, name);
        message.AddRange((byte[])[0, 1, 0, 1]);
        message.AddRange(
            (byte[])
                [
                    0xc0,
                    12,
                    0,
                    5,
                    0,
                    1,
                    0,
                    0,
                    1,
                    0,
                    0,
                    6,
                    3,
                    (byte)'w',
                    (byte)'w',
                    (byte)'w',
                    0xc0,
                    12,
                ]
        );
        message.AddRange((byte[])[0xc0, 12, 0, 1, 0, 1, 0, 0, 1, 0, 0, 4, 203, 0, 113, 7]);
        return [.. message];
    }

    /// <summary>
    /// Makes the checksums of an IPv4 frame right again as far as its lengths allow, so that a mutation reaches the
    /// layers behind them.
    /// </summary>
    public static void FixChecksums(Span<byte> frame)
    {
        if (frame.Length < EthernetLength + 20)
        {
            return;
        }

        Span<byte> ip = frame[EthernetLength..];
        int header = (ip[0] & 15) * 4;
        if (header < 20 || header + 8 > ip.Length)
        {
            return;
        }

        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Sum(ip[..header], 0));
        Span<byte> rest = ip[
            header..Math.Clamp(BinaryPrimitives.ReadUInt16BigEndian(ip[2..]), header + 8, ip.Length)
        ];
        if (ip[9] == 17)
        {
            uint pseudo = 17u + (uint)rest.Length;
            for (int i = 12; i < 20; i += 2)
            {
                pseudo += BinaryPrimitives.ReadUInt16BigEndian(ip[i..]);
            }

            BinaryPrimitives.WriteUInt16BigEndian(rest[6..], 0);
            ushort sum = Sum(rest, pseudo);
            BinaryPrimitives.WriteUInt16BigEndian(rest[6..], sum == 0 ? (ushort)0xffff : sum);
        }
        else if (ip[9] == 1)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest[2..], 0);
            BinaryPrimitives.WriteUInt16BigEndian(rest[2..], Sum(rest, 0));
        }
    }

    private static byte[] Ethernet(byte[] target, byte[] source, ushort type, int length)
    {
        byte[] frame = new byte[EthernetLength + length];
        target.CopyTo(frame, 0);
        source.CopyTo(frame, 6);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(12), type);
        return frame;
    }

    private static byte[] Ip(
        byte[] target,
        byte[] source,
        string from,
        string to,
        byte protocol,
        int length
    )
    {
        byte[] frame = Ethernet(target, source, 0x0800, 20 + length);
        Span<byte> ip = frame.AsSpan(EthernetLength);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(20 + length));
        ip[8] = 64;
        ip[9] = protocol;
        IPAddress.Parse(from).GetAddressBytes().CopyTo(ip[12..]);
        IPAddress.Parse(to).GetAddressBytes().CopyTo(ip[16..]);
        return frame;
    }

    private static void AddName(List<byte> message, string name)
    {
        foreach (string label in name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }

        message.Add(0);
    }

    private static ushort Sum(ReadOnlySpan<byte> data, uint sum)
    {
        for (int i = 0; i < data.Length; i += 2)
        {
            sum += (uint)(data[i] << 8) | (i + 1 < data.Length ? data[i + 1] : 0u);
        }

        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
