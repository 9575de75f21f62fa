using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>A received datagram, as a view into the receive buffer.</summary>
public readonly ref struct UdpDatagram
{
    /// <summary>A datagram between two endpoints.</summary>
    public UdpDatagram(
        IpEndpoint source,
        IpEndpoint destination,
        ReadOnlySpan<byte> payload,
        Instant? receivedAt = null
    )
    {
        Source = source;
        Destination = destination;
        Payload = payload;
        ReceivedAt = receivedAt;
    }

    /// <summary>Who sent it: answers go there.</summary>
    public IpEndpoint Source { get; }

    /// <summary>
    /// Which of our addresses and ports it was sent to. This may be a broadcast address, which is no source for an answer:
    /// then let the stack choose.
    /// </summary>
    public IpEndpoint Destination { get; }

    /// <summary>
    /// When the stack began to take what the device had, at most a few milliseconds ago; null when nobody looked. It spares
    /// receivers of many datagrams the reading of the clock, which is a system call in an image.
    /// </summary>
    public Instant? ReceivedAt { get; }

    /// <summary>The payload, 0 to 65,507 bytes.</summary>
    public ReadOnlySpan<byte> Payload { get; }
}
