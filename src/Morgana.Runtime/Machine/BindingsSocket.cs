namespace Morgana.Runtime;

/// <summary>One socket of <see cref="BindingsSockets"/>.</summary>
internal sealed unsafe class BindingsSocket(
    BindingsSockets owner,
    int descriptor,
    Action receivable
) : IHostSocket
{
    private bool _isClosed;

    internal Action Receivable => receivable;

    public bool TryReceive(Span<byte> buffer, out int length, out HostDatagram ends)
    {
        ends = default;
        length = 0;
        if (_isClosed)
        {
            return false;
        }

        fixed (byte* bytes = buffer)
        fixed (HostDatagram* datagram = &ends)
        {
            int received = Bindings.UdpReceive(descriptor, bytes, (nuint)buffer.Length, datagram);
            length = Math.Max(received, 0);
            return received >= 0;
        }
    }

    public bool TrySend(ReadOnlySpan<byte> payload, HostDatagram ends)
    {
        if (_isClosed)
        {
            return false;
        }

        fixed (byte* bytes = payload)
        {
            return Bindings.UdpSend(descriptor, bytes, (nuint)payload.Length, &ends) >= 0;
        }
    }

    public void Dispose()
    {
        if (!_isClosed)
        {
            _isClosed = true;
            owner.Close(descriptor);
        }
    }
}
