using System.Buffers.Binary;

namespace Morgana.Net;

/// <summary>A view of a UDP segment (RFC 768) whose length and checksum have been verified.</summary>
internal readonly ref struct UdpPacket
{
    public const int HeaderLength = 8;

    private readonly ReadOnlySpan<byte> _bytes;

    private UdpPacket(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_bytes);

    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_bytes[2..]);

    public ushort Checksum => BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]);

    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..];

    /// <summary>Reads a segment between two addresses. What follows its length is ignored.</summary>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes,
        IpAddress source,
        IpAddress destination,
        out UdpPacket packet,
        out DropReason reason
    )
    {
        packet = default;
        reason = DropReason.UdpMalformed;
        if (bytes.Length < HeaderLength)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (length < HeaderLength || length > bytes.Length)
        {
            return false;
        }

        bytes = bytes[..length];
        ushort given = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        // Zero says that the sender made none: allowed over IPv4, not over IPv6 (RFC 8200 section 8.1).
        if (given == 0 ? source.IsV6 : Sum(bytes, default, source, destination) != 0)
        {
            reason = DropReason.UdpBadChecksum;
            return false;
        }

        packet = new UdpPacket(bytes);
        reason = DropReason.None;
        return true;
    }

    /// <summary>Writes the <see cref="HeaderLength"/> bytes of a header with its checksum.</summary>
    public static void WriteHeader(
        Span<byte> bytes,
        IpEndpoint source,
        IpEndpoint destination,
        ReadOnlySpan<byte> payload
    )
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, source.Port);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], destination.Port);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], (ushort)(HeaderLength + payload.Length));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], 0);
        ushort checksum = Sum(bytes[..HeaderLength], payload, source.Address, destination.Address);
        // Zero means "none", so a sum of zero is sent as its other form.
        BinaryPrimitives.WriteUInt16BigEndian(
            bytes[6..],
            checksum == 0 ? ushort.MaxValue : checksum
        );
    }

    private static ushort Sum(
        ReadOnlySpan<byte> bytes,
        ReadOnlySpan<byte> payload,
        IpAddress source,
        IpAddress destination
    )
    {
        InternetChecksum checksum = default;
        checksum.AddPseudoHeader(
            source,
            destination,
            IpProtocol.Udp,
            bytes.Length + payload.Length
        );
        checksum.Add(bytes);
        checksum.Add(payload);
        return checksum.Finish();
    }
}
