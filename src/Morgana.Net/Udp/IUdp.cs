namespace Morgana.Net;

/// <summary>The datagram service of a stack (RFC 768). All members are called on the main loop's thread only.</summary>
public interface IUdp
{
    /// <summary>Binds a port and names who receives its datagrams.</summary>
    /// <param name="localPort">1 to 65535, or 0 for a free port from 1024 up, drawn at random (RFC 6056, algorithm 1).</param>
    /// <param name="handler">Called for each datagram with a good checksum.</param>
    /// <exception cref="InvalidOperationException">The port is taken, or no port is free.</exception>
    IUdpSocket Open(ushort localPort, UdpHandler handler);

    /// <summary>Binds a port, and names who hears of datagrams that got lost. A stack that does not know of losses never calls it.</summary>
    /// <param name="localPort">As in <see cref="Open(ushort, UdpHandler)"/>.</param>
    /// <param name="handler">As in <see cref="Open(ushort, UdpHandler)"/>.</param>
    /// <param name="onError">Called when a datagram sent from this port was reported lost.</param>
    /// <exception cref="InvalidOperationException">The port is taken, or no port is free.</exception>
    IUdpSocket Open(ushort localPort, UdpHandler handler, UdpErrorHandler onError) =>
        Open(localPort, handler);
}
