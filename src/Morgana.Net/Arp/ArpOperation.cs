namespace Morgana.Net;

/// <summary>The operations of RFC 826.</summary>
internal enum ArpOperation : ushort
{
    Request = 1,
    Reply = 2,
}
