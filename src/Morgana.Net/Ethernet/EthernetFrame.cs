using System.Buffers.Binary;
using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>A view of an Ethernet II frame (RFC 894), without preamble and frame check sequence.</summary>
internal readonly ref struct EthernetFrame
{
    public const int HeaderLength = 14;

    private readonly ReadOnlySpan<byte> _bytes;

    private EthernetFrame(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public MacAddress Destination => MacAddress.Read(_bytes);

    public MacAddress Source => MacAddress.Read(_bytes[6..]);

    public EtherType EtherType => (EtherType)BinaryPrimitives.ReadUInt16BigEndian(_bytes[12..]);

    /// <summary>What follows the header, padding included: only the protocol inside knows its length.</summary>
    public ReadOnlySpan<byte> Payload => _bytes[HeaderLength..];

    public static bool TryParse(ReadOnlySpan<byte> bytes, out EthernetFrame frame)
    {
        frame = new EthernetFrame(bytes);
        return bytes.Length >= HeaderLength;
    }

    /// <summary>Writes the <see cref="HeaderLength"/> bytes of a header.</summary>
    public static void WriteHeader(
        Span<byte> bytes,
        MacAddress destination,
        MacAddress source,
        EtherType type
    )
    {
        destination.Write(bytes);
        source.Write(bytes[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[12..], (ushort)type);
    }
}
