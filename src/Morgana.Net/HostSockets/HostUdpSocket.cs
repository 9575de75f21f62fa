using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>A bound port of a <see cref="HostStack"/>.</summary>
internal sealed class HostUdpSocket(HostStack stack, ushort port, UdpHandler handler) : IUdpSocket
{
    /// <summary>Datagrams taken in one turn, so that timers and other sockets get theirs under load.</summary>
    private const int DatagramsPerTurn = 64;

    private IHostSocket? _socket;
    private bool _isDisposed;

    public ushort LocalPort => port;

    public bool TrySend(
        IpEndpoint destination,
        ReadOnlySpan<byte> payload,
        IpAddress source = default
    )
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return destination.Address.IsV4
            && _socket!.TrySend(
                payload,
                new HostDatagram(
                    HostStack.ToHost(destination.Address),
                    HostStack.ToHost(source),
                    destination.Port
                )
            );
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _socket?.Dispose();
            stack.Forget(this);
        }
    }

    internal void Attach(IHostSocket socket) => _socket = socket;

    internal void Receive()
    {
        Instant now = stack.Now();
        byte[] buffer = stack.Buffer;
        for (
            int i = 0;
            i < DatagramsPerTurn
                && !_isDisposed
                && _socket is { } socket
                && socket.TryReceive(buffer, out int length, out HostDatagram ends);
            i++
        )
        {
            handler(
                new UdpDatagram(
                    new IpEndpoint(HostStack.FromHost(ends.Remote), ends.RemotePort),
                    new IpEndpoint(
                        ends.Local == 0 ? stack.Address : HostStack.FromHost(ends.Local),
                        port
                    ),
                    buffer.AsSpan(0, length),
                    now
                )
            );
        }
    }
}
