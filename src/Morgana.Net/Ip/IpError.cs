namespace Morgana.Net;

/// <summary>Why a datagram of ours got lost, independent of the version of IP.</summary>
/// <param name="Source">Where the lost datagram came from: one of our addresses.</param>
/// <param name="Destination">Where it went.</param>
/// <param name="Reporter">Who says so.</param>
/// <param name="Mtu">The next link's MTU where the reason is <see cref="UdpErrorKind.TooBig"/>, else 0.</param>
internal readonly record struct IpError(
    UdpErrorKind Kind,
    IpAddress Source,
    IpAddress Destination,
    IpAddress Reporter,
    int Mtu
);
