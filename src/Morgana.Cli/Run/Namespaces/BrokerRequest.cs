using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Morgana.Cli.Run.Namespaces;

/// <summary>
/// What the process inside a user namespace asks the one outside: a socket bound to an address. 20 bytes: protocol,
/// address length (4 or 16), port (big-endian), address padded to 16.
/// </summary>
internal readonly record struct BrokerRequest(IPEndPoint Address, ProtocolType Protocol)
{
    /// <summary>Length of every request in bytes.</summary>
    public const int Length = 20;

    /// <summary>Writes the request into <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        destination[..Length].Clear();
        destination[0] = (byte)Protocol;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)Address.Port);
        Address.Address.TryWriteBytes(destination[4..], out int written);
        destination[1] = (byte)written;
    }

    /// <summary>Reads a request; false when it is not one.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out BrokerRequest request)
    {
        request = default;
        if (
            source.Length != Length
            || (ProtocolType)source[0] is not (ProtocolType.Udp or ProtocolType.Tcp)
            || source[1] is not (4 or 16)
        )
        {
            return false;
        }

        request = new BrokerRequest(
            new IPEndPoint(
                new IPAddress(source.Slice(4, source[1])),
                BinaryPrimitives.ReadUInt16BigEndian(source[2..])
            ),
            (ProtocolType)source[0]
        );
        return true;
    }
}
