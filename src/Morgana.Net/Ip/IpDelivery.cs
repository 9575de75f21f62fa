namespace Morgana.Net;

/// <summary>A whole datagram on its way up, checked by IP.</summary>
internal readonly ref struct IpDelivery
{
    public required IpAddress Source { get; init; }

    public required IpAddress Destination { get; init; }

    /// <summary>The IP header as received (of the first fragment): ICMP errors quote it.</summary>
    public required ReadOnlySpan<byte> Header { get; init; }

    public required ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Sent to more hosts than us: never answered with an error (RFC 1122 section 3.2.2).</summary>
    public required bool IsBroadcast { get; init; }
}
