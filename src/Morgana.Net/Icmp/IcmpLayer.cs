using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>ICMP for a host (RFC 792, RFC 1122 section 3.2.2): answers echo requests, sends errors, and passes received errors on.</summary>
internal sealed class IcmpLayer(
    Ipv4Layer ipv4,
    Ipv4Routes routes,
    IcmpErrorLimiter limiter,
    StackCounters counters
) : IIpProtocol, IIcmpErrors
{
    /// <summary>Bytes that an error quotes at most, so that it stays within 576 with both headers (RFC 1812 section 4.3.2.3).</summary>
    public const int MaximumQuote = 576 - Ipv4Header.Length - IcmpMessage.HeaderLength;

    public IpProtocol Protocol => IpProtocol.Icmp;

    public void Receive(Instant now, in IpDelivery delivery)
    {
        if (!IcmpMessage.TryParse(delivery.Payload, out IcmpMessage message, out DropReason reason))
        {
            counters.Drop(reason);
            return;
        }

        switch (message.Type)
        {
            // Echoes to a broadcast address are how "smurf" attacks multiply: RFC 1122 section 3.2.2.6 allows silence.
            case IcmpType.EchoRequest when !delivery.IsBroadcast:
                AnswerEcho(now, delivery, message);
                break;
            case IcmpType.DestinationUnreachable
            or IcmpType.TimeExceeded
            or IcmpType.ParameterProblem when !delivery.IsBroadcast:
                ReceiveReport(now, delivery, message);
                break;
            default:
                counters.Drop(DropReason.IcmpIgnored);
                break;
        }
    }

    /// <summary>We send no ICMP of which a loss would matter.</summary>
    public void ReceiveError(Instant now, in IpError error, ReadOnlySpan<byte> quoted) { }

    public void PortUnreachable(Instant now, in IpDelivery delivery) =>
        SendError(now, delivery, IcmpType.DestinationUnreachable, IcmpCode.PortUnreachable);

    public void ProtocolUnreachable(Instant now, in IpDelivery delivery) =>
        SendError(now, delivery, IcmpType.DestinationUnreachable, IcmpCode.ProtocolUnreachable);

    public void ReassemblyTimeExceeded(Instant now, in IpDelivery firstFragment) =>
        SendError(now, firstFragment, IcmpType.TimeExceeded, IcmpCode.ReassemblyTimeExceeded);

    private void AnswerEcho(Instant now, in IpDelivery delivery, in IcmpMessage message)
    {
        Span<byte> header = stackalloc byte[IcmpMessage.HeaderLength];
        IcmpMessage.WriteHeader(header, IcmpType.EchoReply, 0, message.Rest, message.Payload);
        if (
            ipv4.TrySend(
                now,
                delivery.Destination,
                delivery.Source,
                IpProtocol.Icmp,
                header,
                message.Payload
            )
        )
        {
            counters.EchoesAnswered++;
        }
    }

    private void ReceiveReport(Instant now, in IpDelivery delivery, in IcmpMessage message)
    {
        bool isTooBig =
            message.Type == IcmpType.DestinationUnreachable
            && message.Code == IcmpCode.FragmentationNeeded;
        // RFC 1191: the next link's MTU stands in the low half.
        int mtu = isTooBig ? (ushort)message.Rest : 0;
        if (ipv4.ReportLoss(now, message.Payload, KindOf(message), delivery.Source, mtu))
        {
            counters.IcmpErrorsReceived++;
        }
        else
        {
            counters.Drop(DropReason.IcmpTruncated);
        }
    }

    private static UdpErrorKind KindOf(in IcmpMessage message) =>
        message.Type switch
        {
            IcmpType.TimeExceeded => UdpErrorKind.TimeExceeded,
            IcmpType.ParameterProblem => UdpErrorKind.Refused,
            _ => message.Code switch
            {
                IcmpCode.ProtocolUnreachable => UdpErrorKind.ProtocolUnreachable,
                IcmpCode.PortUnreachable => UdpErrorKind.PortUnreachable,
                IcmpCode.FragmentationNeeded => UdpErrorKind.TooBig,
                IcmpCode.NetworkProhibited
                or IcmpCode.HostProhibited
                or IcmpCode.CommunicationProhibited => UdpErrorKind.Prohibited,
                _ => UdpErrorKind.HostUnreachable,
            },
        };

    private void SendError(Instant now, in IpDelivery delivery, IcmpType type, byte code)
    {
        // RFC 1122 section 3.2.2: never about a broadcast, nor about an ICMP message that is an error itself. Fragments other than the
        // first and sources that are not a single host do not come this far.
        if (
            delivery.IsBroadcast
            || delivery.Destination != routes.Address
            || IsIcmpOtherThanEcho(delivery)
        )
        {
            return;
        }

        if (!limiter.TryTake(now))
        {
            counters.IcmpErrorsHeldBack++;
            return;
        }

        Span<byte> head =
            stackalloc byte[IcmpMessage.HeaderLength + Ipv4Packet.MaximumHeaderLength];
        head = head[..(IcmpMessage.HeaderLength + delivery.Header.Length)];
        ReadOnlySpan<byte> quote = delivery.Payload[
            ..Math.Min(delivery.Payload.Length, MaximumQuote - delivery.Header.Length)
        ];
        delivery.Header.CopyTo(head[IcmpMessage.HeaderLength..]);
        IcmpMessage.WriteHeader(head, type, code, 0, head[IcmpMessage.HeaderLength..], quote);
        if (ipv4.TrySend(now, delivery.Destination, delivery.Source, IpProtocol.Icmp, head, quote))
        {
            counters.IcmpErrorsSent++;
        }
    }

    private static bool IsIcmpOtherThanEcho(in IpDelivery delivery) =>
        delivery.Header[9] == (byte)IpProtocol.Icmp
        && (
            delivery.Payload.IsEmpty
            || (IcmpType)delivery.Payload[0] is not (IcmpType.EchoRequest or IcmpType.EchoReply)
        );
}
