namespace Morgana.Net;

/// <summary>The datagram service of a stack (RFC 768). All members are called on the main loop's thread only.</summary>
public interface IUdp
{
    /// <summary>Binds a port and names who receives its datagrams.</summary>
    /// <param name="localPort">1 to 65535, or 0 for a free port from 1024 up, drawn at random (RFC 6056, algorithm 1).</param>
    /// <param name="handler">Called for each datagram with a good checksum.</param>
    /// <exception cref="InvalidOperationException">The port is taken, or no port is free.</exception>
    IUdpSocket Open(ushort localPort, UdpHandler handler);
}

/// <summary>A bound port. Disposing it frees the port.</summary>
public interface IUdpSocket : IDisposable
{
    /// <summary>The bound port, 1 to 65535.</summary>
    ushort LocalPort { get; }

    /// <summary>Sends one datagram; never waits. Datagrams to a neighbour whose hardware address is not yet known are kept for a moment.</summary>
    /// <param name="destination">Where it goes.</param>
    /// <param name="payload">At most 65,507 bytes over IPv4; what is longer than the link's MTU is sent in fragments.</param>
    /// <param name="source">The address it comes from: answer from the one that was asked. Default: the stack chooses.</param>
    /// <returns>False when it could not be sent (no route, no buffer, too long): it is lost, as any datagram may be.</returns>
    bool TrySend(IpEndpoint destination, ReadOnlySpan<byte> payload, IpAddress source = default);
}

/// <summary>Receives a datagram. The payload is only valid during the call.</summary>
public delegate void UdpHandler(in UdpDatagram datagram);

/// <summary>A received datagram, as a view into the receive buffer.</summary>
public readonly ref struct UdpDatagram
{
    /// <summary>A datagram between two endpoints.</summary>
    public UdpDatagram(IpEndpoint source, IpEndpoint destination, ReadOnlySpan<byte> payload)
    {
        Source = source;
        Destination = destination;
        Payload = payload;
    }

    /// <summary>Who sent it: answers go there.</summary>
    public IpEndpoint Source { get; }

    /// <summary>Which of our addresses and ports it was sent to.</summary>
    public IpEndpoint Destination { get; }

    /// <summary>The payload, 0 to 65,507 bytes.</summary>
    public ReadOnlySpan<byte> Payload { get; }
}
