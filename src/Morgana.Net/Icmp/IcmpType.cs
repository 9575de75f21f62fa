namespace Morgana.Net;

/// <summary>The ICMP types that the stack sends or acts on (RFC 792).</summary>
internal enum IcmpType : byte
{
    EchoReply = 0,
    DestinationUnreachable = 3,
    EchoRequest = 8,
    TimeExceeded = 11,
    ParameterProblem = 12,
}
