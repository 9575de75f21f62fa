namespace Morgana.Runtime;

/// <summary>The host's sockets through the bindings (native/include/morgana_sockets.h).</summary>
internal sealed class BindingsSockets : IHostSockets
{
    /// <summary>The bit of all sockets among the readable devices.</summary>
    private const ulong Handle = 63;

    // By descriptor: the host gives the lowest that is free.
    private BindingsSocket?[] _sockets = new BindingsSocket?[64];

    public BindingsSockets(MainLoop loop) => loop.OnReady(Handle, Deliver);

    public HostSocketResult TryOpen(
        uint address,
        ushort port,
        Action receivable,
        out IHostSocket? socket
    )
    {
        int descriptor = Bindings.UdpOpen(address, port);
        socket = null;
        if (descriptor < 0)
        {
            return LinuxError.Result(-descriptor);
        }

        if (descriptor >= _sockets.Length)
        {
            Array.Resize(ref _sockets, Math.Max(descriptor + 1, 2 * _sockets.Length));
        }

        BindingsSocket opened = new(this, descriptor, receivable);
        _sockets[descriptor] = opened;
        socket = opened;
        return HostSocketResult.Opened;
    }

    internal void Close(int descriptor)
    {
        _sockets[descriptor] = null;
        Bindings.UdpClose(descriptor);
    }

    private void Deliver()
    {
        for (
            int descriptor = Bindings.SocketsNext();
            descriptor >= 0;
            descriptor = Bindings.SocketsNext()
        )
        {
            if (descriptor < _sockets.Length)
            {
                _sockets[descriptor]?.Receivable();
            }
        }
    }
}
