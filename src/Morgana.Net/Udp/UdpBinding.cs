namespace Morgana.Net;

/// <summary>Who listens on a port.</summary>
internal sealed record UdpBinding(ushort Port, UdpHandler Handler, UdpErrorHandler? OnError);
