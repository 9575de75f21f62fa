namespace Morgana.Net;

/// <summary>Receives a datagram. The payload is only valid during the call.</summary>
public delegate void UdpHandler(in UdpDatagram datagram);
