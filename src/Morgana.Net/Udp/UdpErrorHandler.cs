namespace Morgana.Net;

/// <summary>Hears that a datagram was reported lost.</summary>
public delegate void UdpErrorHandler(in UdpError error);
