namespace Morgana.Runtime;

/// <summary>
/// Datagram sockets of the host, for programs that are one among others on it (target unix). IPv4 only. Addresses are the four bytes of
/// a packet in their order in memory, so that this library needs no type for them. All members are called on the main loop's thread only.
/// </summary>
public interface IHostSockets
{
    /// <summary>Opens a socket.</summary>
    /// <param name="address">The address of this machine to bind; 0 for all of them.</param>
    /// <param name="port">1 to 65535: the port as the program knows it. Whoever starts the program can map it to another of the host (<c>--port:53=5353</c>).</param>
    /// <param name="receivable">Called on the main loop when datagrams may be waiting; again as long as there are some.</param>
    /// <param name="socket">The socket.</param>
    /// <returns>What the host said.</returns>
    HostSocketResult TryOpen(uint address, ushort port, Action receivable, out IHostSocket? socket);
}
