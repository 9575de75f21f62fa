using System.Net;
using System.Net.Sockets;

namespace Morgana.Runtime;

/// <summary>The host's sockets through .NET's own.</summary>
/// <param name="ports">Ports of the host by those of the program.</param>
/// <param name="loop">Where datagrams are delivered.</param>
internal sealed class ProcessSockets(IReadOnlyDictionary<ushort, ushort> ports, MainLoop loop)
    : IHostSockets
{
    public HostSocketResult TryOpen(
        uint address,
        ushort port,
        Action receivable,
        out IHostSocket? socket
    )
    {
        socket = null;
        Socket? opened = null;
        try
        {
            opened = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp)
            {
                EnableBroadcast = true,
            };
            opened.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.PacketInformation, true);
            opened.Bind(
                new IPEndPoint(new IPAddress(address), ports.GetValueOrDefault(port, port))
            );
            socket = new ProcessSocket(opened, loop, receivable);
            return HostSocketResult.Opened;
        }
        catch (SocketException e)
        {
            opened?.Dispose();
            return e.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => HostSocketResult.Taken,
                SocketError.AccessDenied => HostSocketResult.Forbidden,
                SocketError.AddressNotAvailable => HostSocketResult.NoSuchAddress,
                SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable =>
                    HostSocketResult.Exhausted,
                _ => HostSocketResult.Failed,
            };
        }
    }
}
