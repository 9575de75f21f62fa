namespace Morgana.Net;

/// <summary>
/// A report that a datagram got lost. It may be forged by anyone who can guess ports: take it as a hint to try another way sooner, never
/// as the truth.
/// </summary>
/// <param name="Kind">Why.</param>
/// <param name="Source">Which of our endpoints sent the datagram.</param>
/// <param name="Destination">Where it was sent.</param>
/// <param name="Reporter">Who says so; our own address when the stack itself gave up.</param>
/// <param name="Mtu">For <see cref="UdpErrorKind.TooBig"/>: the longest IP datagram that fits, in bytes, or 0 when it was not told. Else 0.</param>
public readonly record struct UdpError(
    UdpErrorKind Kind,
    IpEndpoint Source,
    IpEndpoint Destination,
    IpAddress Reporter,
    int Mtu
);
