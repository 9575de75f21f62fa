namespace Morgana.Net;

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
    /// <exception cref="ObjectDisposedException">The socket has been disposed.</exception>
    bool TrySend(IpEndpoint destination, ReadOnlySpan<byte> payload, IpAddress source = default);
}
