using System.Net;
using System.Net.Sockets;

namespace Morgana.Cli.Run.Namespaces;

/// <summary>Makes sockets in the namespace that the user's shell is in: the host, as seen from the unikernel.</summary>
internal interface IHostSockets
{
    /// <summary>A UDP or TCP socket bound to <paramref name="address"/>.</summary>
    /// <exception cref="SocketException">The address is in use, not the machine's, or not permitted.</exception>
    Socket Bind(IPEndPoint address, ProtocolType protocol);
}
