namespace Morgana.Net;

/// <summary>The codes of "destination unreachable" and "time exceeded" that the stack tells apart (RFC 792, RFC 1122, RFC 1812).</summary>
internal static class IcmpCode
{
    public const byte ProtocolUnreachable = 2;
    public const byte PortUnreachable = 3;
    public const byte FragmentationNeeded = 4;
    public const byte NetworkProhibited = 9;
    public const byte HostProhibited = 10;
    public const byte CommunicationProhibited = 13;

    public const byte ReassemblyTimeExceeded = 1;
}
