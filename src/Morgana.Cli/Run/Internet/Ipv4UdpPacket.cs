using System.Buffers.Binary;

namespace Morgana.Cli.Run.Internet;

/// <summary>
/// The IPv4 and UDP headers of a datagram that passes the gateway (RFC 791, RFC 768). Read from and written to spans;
/// the payload lies after them.
/// </summary>
/// <param name="Source">Source address, as a number in host order.</param>
/// <param name="SourcePort">Source port.</param>
/// <param name="Destination">Destination address, as a number in host order.</param>
/// <param name="DestinationPort">Destination port.</param>
internal readonly record struct Ipv4UdpPacket(
    uint Source,
    ushort SourcePort,
    uint Destination,
    ushort DestinationPort
)
{
    /// <summary>Bytes of the headers that <see cref="Write"/> makes.</summary>
    public const int HeaderLength = 28;

    /// <summary>The longest payload that fits an IPv4 packet.</summary>
    public const int MaximumPayload = 65535 - HeaderLength;

    private const int Udp = 17;

    /// <summary>
    /// Reads a whole UDP datagram. False for anything else: other versions and protocols, fragments, lengths that do
    /// not fit, and checksums that are wrong.
    /// </summary>
    public static bool TryRead(
        ReadOnlySpan<byte> packet,
        out Ipv4UdpPacket header,
        out ReadOnlySpan<byte> payload
    )
    {
        header = default;
        payload = default;
        if (packet.Length < HeaderLength || packet[0] >> 4 != 4)
        {
            return false;
        }

        int ipLength = (packet[0] & 15) * 4;
        int total = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        if (
            ipLength < 20
            || total < ipLength + 8
            || total > packet.Length
            || (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3fff) != 0
            || packet[9] != Udp
            || Fold(Sum(packet[..ipLength])) != 0xffff
        )
        {
            return false;
        }

        ReadOnlySpan<byte> udp = packet[ipLength..total];
        int udpLength = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
        if (udpLength < 8 || udpLength > udp.Length)
        {
            return false;
        }

        udp = udp[..udpLength];
        if (
            BinaryPrimitives.ReadUInt16BigEndian(udp[6..]) != 0
            && Fold(Sum(packet.Slice(12, 8)) + Udp + (uint)udpLength + Sum(udp)) != 0xffff
        )
        {
            return false;
        }

        header = new Ipv4UdpPacket(
            BinaryPrimitives.ReadUInt32BigEndian(packet[12..]),
            BinaryPrimitives.ReadUInt16BigEndian(udp),
            BinaryPrimitives.ReadUInt32BigEndian(packet[16..]),
            BinaryPrimitives.ReadUInt16BigEndian(udp[2..])
        );
        payload = udp[8..];
        return true;
    }

    /// <summary>
    /// Writes the headers before the <paramref name="payloadLength"/> bytes that already lie at
    /// <see cref="HeaderLength"/> of <paramref name="packet"/>; the length of the packet.
    /// </summary>
    public int Write(Span<byte> packet, int payloadLength)
    {
        int total = HeaderLength + payloadLength;
        packet[..HeaderLength].Clear();
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)total);
        packet[8] = 64;
        packet[9] = Udp;
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], Source);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], Destination);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], (ushort)~Fold(Sum(packet[..20])));
        Span<byte> udp = packet[20..total];
        BinaryPrimitives.WriteUInt16BigEndian(udp, SourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], DestinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        ushort checksum = (ushort)
            ~Fold(Sum(packet.Slice(12, 8)) + Udp + (uint)udp.Length + Sum(udp));

        // Zero would mean "no checksum"; its other form means the same number.
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], checksum == 0 ? (ushort)0xffff : checksum);
        return total;
    }

    // At most 65535 bytes are summed: 32 bits cannot overflow.
    private static uint Sum(ReadOnlySpan<byte> data)
    {
        uint sum = 0;
        int i = 0;
        for (; i + 1 < data.Length; i += 2)
        {
            sum += (uint)((data[i] << 8) | data[i + 1]);
        }

        return i < data.Length ? sum + (uint)(data[i] << 8) : sum;
    }

    private static uint Fold(uint sum)
    {
        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return sum;
    }
}
