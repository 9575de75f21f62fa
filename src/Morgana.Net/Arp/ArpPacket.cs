using System.Buffers.Binary;
using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>An ARP packet for IPv4 over Ethernet (RFC 826).</summary>
internal readonly record struct ArpPacket(
    ArpOperation Operation,
    MacAddress SenderHardware,
    IpAddress SenderAddress,
    MacAddress TargetHardware,
    IpAddress TargetAddress
)
{
    public const int Length = 28;

    private const ushort EthernetHardware = 1;

    /// <summary>Reads a packet; what follows its 28 bytes is padding. False for other lengths, hardware, protocols and operations.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out ArpPacket packet)
    {
        packet = default;
        if (
            bytes.Length < Length
            || BinaryPrimitives.ReadUInt16BigEndian(bytes) != EthernetHardware
            || BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]) != (ushort)EtherType.Ipv4
            || bytes[4] != MacAddress.Size
            || bytes[5] != 4
        )
        {
            return false;
        }

        ArpOperation operation = (ArpOperation)BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        if (operation is not (ArpOperation.Request or ArpOperation.Reply))
        {
            return false;
        }

        packet = new ArpPacket(
            operation,
            MacAddress.Read(bytes[8..]),
            IpAddress.ReadV4(bytes[14..]),
            MacAddress.Read(bytes[18..]),
            IpAddress.ReadV4(bytes[24..])
        );
        return true;
    }

    /// <summary>Writes the packet's <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, EthernetHardware);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)EtherType.Ipv4);
        bytes[4] = MacAddress.Size;
        bytes[5] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)Operation);
        SenderHardware.Write(bytes[8..]);
        SenderAddress.Write(bytes[14..]);
        TargetHardware.Write(bytes[18..]);
        TargetAddress.Write(bytes[24..]);
    }
}
