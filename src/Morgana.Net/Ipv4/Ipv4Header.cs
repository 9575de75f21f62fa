using System.Buffers.Binary;

namespace Morgana.Net;

/// <summary>An IPv4 header without options, to be written (RFC 791 section 3.1).</summary>
internal readonly record struct Ipv4Header
{
    public const int Length = Ipv4Packet.MinimumHeaderLength;

    /// <summary>What RFC 1700 recommends and everybody uses.</summary>
    public const byte DefaultTimeToLive = 64;

    public Ipv4Header() { }

    public required IpAddress Source { get; init; }

    public required IpAddress Destination { get; init; }

    public required IpProtocol Protocol { get; init; }

    public ushort Identification { get; init; }

    public bool DontFragment { get; init; }

    public bool MoreFragments { get; init; }

    /// <summary>In bytes, a multiple of 8 below 65,536.</summary>
    public int FragmentOffset { get; init; }

    public byte TimeToLive { get; init; } = DefaultTimeToLive;

    /// <summary>Writes the header's <see cref="Length"/> bytes with its checksum.</summary>
    /// <param name="payloadLength">Bytes that follow: 0 to 65,515.</param>
    public void Write(Span<byte> bytes, int payloadLength)
    {
        int flags = (DontFragment ? 0x4000 : 0) | (MoreFragments ? 0x2000 : 0) | FragmentOffset / 8;
        bytes[0] = 4 << 4 | Length / 4;
        bytes[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)(Length + payloadLength));
        BinaryPrimitives.WriteUInt16BigEndian(bytes[4..], Identification);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)flags);
        bytes[8] = TimeToLive;
        bytes[9] = (byte)Protocol;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[10..], 0);
        Source.Write(bytes[12..]);
        Destination.Write(bytes[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(
            bytes[10..],
            InternetChecksum.Compute(bytes[..Length])
        );
    }
}
