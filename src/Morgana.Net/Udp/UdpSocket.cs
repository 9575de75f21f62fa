namespace Morgana.Net;

/// <summary>A bound port of a <see cref="Ipv4Stack"/>.</summary>
internal sealed class UdpSocket(Ipv4Stack stack, UdpBinding binding) : IUdpSocket
{
    private bool _isDisposed;

    public ushort LocalPort => binding.Port;

    public bool TrySend(
        IpEndpoint destination,
        ReadOnlySpan<byte> payload,
        IpAddress source = default
    )
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return stack.TrySend(binding, destination, payload, source);
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            stack.Release(binding);
        }
    }
}
