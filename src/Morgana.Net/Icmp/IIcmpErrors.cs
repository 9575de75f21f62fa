using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>Tells senders why their datagram was not taken. Whether a message goes out is for the implementation to decide.</summary>
internal interface IIcmpErrors
{
    void PortUnreachable(Instant now, in IpDelivery delivery);

    void ProtocolUnreachable(Instant now, in IpDelivery delivery);

    void ReassemblyTimeExceeded(Instant now, in IpDelivery firstFragment);
}
