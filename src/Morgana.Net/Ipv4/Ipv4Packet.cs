using System.Buffers.Binary;

namespace Morgana.Net;

/// <summary>A view of an IPv4 datagram or fragment (RFC 791 section 3.1) whose lengths have been checked.</summary>
internal readonly ref struct Ipv4Packet
{
    public const int MinimumHeaderLength = 20;
    public const int MaximumHeaderLength = 60;
    public const int MaximumLength = 65535;

    private readonly ReadOnlySpan<byte> _bytes;

    private Ipv4Packet(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public int HeaderLength => (_bytes[0] & 0xf) * 4;

    public ushort Identification => BinaryPrimitives.ReadUInt16BigEndian(_bytes[4..]);

    public bool DontFragment => (_bytes[6] & 0x40) != 0;

    public bool MoreFragments => (_bytes[6] & 0x20) != 0;

    /// <summary>Where the fragment's payload stands in the whole payload, in bytes.</summary>
    public int FragmentOffset => (BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]) & 0x1fff) * 8;

    public bool IsFragment => (BinaryPrimitives.ReadUInt16BigEndian(_bytes[6..]) & 0x3fff) != 0;

    public byte TimeToLive => _bytes[8];

    public IpProtocol Protocol => (IpProtocol)_bytes[9];

    public IpAddress Source => IpAddress.ReadV4(_bytes[12..]);

    public IpAddress Destination => IpAddress.ReadV4(_bytes[16..]);

    public ReadOnlySpan<byte> Header => _bytes[..HeaderLength];

    public ReadOnlySpan<byte> Options => _bytes[MinimumHeaderLength..HeaderLength];

    /// <summary>The payload, without the padding of short frames.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..];

    /// <summary>Reads a datagram and verifies lengths and header checksum.</summary>
    /// <param name="reason">Why not, when the answer is false.</param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes,
        out Ipv4Packet packet,
        out DropReason reason
    )
    {
        packet = default;
        if (!TryReadLengths(bytes, out int header, out int total, out reason))
        {
            return false;
        }

        if (total > bytes.Length)
        {
            reason = DropReason.Ipv4Truncated;
            return false;
        }

        if (InternetChecksum.Compute(bytes[..header]) != 0)
        {
            reason = DropReason.Ipv4BadChecksum;
            return false;
        }

        packet = new Ipv4Packet(bytes[..total]);
        return true;
    }

    /// <summary>
    /// Reads the start of a datagram as an ICMP error quotes it: the payload is what there is of it. The header checksum is not verified,
    /// because routers change the header (RFC 1812 section 4.3.2.3).
    /// </summary>
    public static bool TryParseQuoted(ReadOnlySpan<byte> bytes, out Ipv4Packet packet)
    {
        packet = default;
        if (!TryReadLengths(bytes, out _, out int total, out _))
        {
            return false;
        }

        packet = new Ipv4Packet(bytes[..Math.Min(total, bytes.Length)]);
        return true;
    }

    private static bool TryReadLengths(
        ReadOnlySpan<byte> bytes,
        out int header,
        out int total,
        out DropReason reason
    )
    {
        header = 0;
        total = 0;
        reason = DropReason.Ipv4Truncated;
        if (bytes.Length < MinimumHeaderLength)
        {
            return false;
        }

        header = (bytes[0] & 0xf) * 4;
        total = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (bytes[0] >> 4 != 4 || header < MinimumHeaderLength || total < header)
        {
            reason = DropReason.Ipv4Malformed;
            return false;
        }

        if (header > bytes.Length)
        {
            return false;
        }

        reason = DropReason.None;
        return true;
    }
}
