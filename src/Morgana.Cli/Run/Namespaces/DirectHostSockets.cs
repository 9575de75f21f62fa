using System.Net;
using System.Net.Sockets;

namespace Morgana.Cli.Run.Namespaces;

/// <summary>Host sockets of a process that is itself in the host's namespace.</summary>
internal sealed class DirectHostSockets : IHostSockets
{
    /// <inheritdoc/>
    public Socket Bind(IPEndPoint address, ProtocolType protocol)
    {
        Socket socket = new(
            address.AddressFamily,
            protocol == ProtocolType.Udp ? SocketType.Dgram : SocketType.Stream,
            protocol
        );
        try
        {
            if (protocol == ProtocolType.Tcp)
            {
                // A listener may follow one whose old connections still linger; on Linux this does not allow two
                // listeners. .NET's ExclusiveAddressUse stands for the absence of SO_REUSEADDR, so set it by name.
                socket.SetSocketOption(
                    SocketOptionLevel.Socket,
                    SocketOptionName.ReuseAddress,
                    true
                );
            }

            socket.Bind(address);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
