using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>A protocol above IP: it is given whole datagrams, and reports about datagrams that it sent.</summary>
internal interface IIpProtocol
{
    IpProtocol Protocol { get; }

    void Receive(Instant now, in IpDelivery delivery);

    /// <summary>A router, the destination or our own stack says that a datagram of this protocol got lost.</summary>
    /// <param name="quoted">The start of the lost segment: at least its first 8 bytes.</param>
    void ReceiveError(Instant now, in IpError error, ReadOnlySpan<byte> quoted);
}
