namespace Morgana.Net;

/// <summary>
/// Receives a datagram. The payload is only valid during the call. Sending from here is fine; an exception leaves the stack in order and
/// ends in the main loop, as that of any callback.
/// </summary>
public delegate void UdpHandler(in UdpDatagram datagram);
