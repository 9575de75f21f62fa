namespace Morgana.Net;

/// <summary>Who listens on a port. Two bindings are never equal, whatever they hold: a released one must not free its successor.</summary>
internal sealed class UdpBinding(ushort port, UdpHandler handler, UdpErrorHandler? onError)
{
    public ushort Port => port;

    public UdpHandler Handler => handler;

    public UdpErrorHandler? OnError => onError;
}
