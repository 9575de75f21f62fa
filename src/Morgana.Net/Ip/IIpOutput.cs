using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>
/// Where a protocol above IP hands its segments over. IPv4 implements it; a stack with both versions implements it once more and
/// chooses by the destination's family.
/// </summary>
internal interface IIpOutput
{
    /// <summary>Sends one datagram whose payload is <paramref name="header"/> followed by <paramref name="payload"/>.</summary>
    /// <param name="source">One of our addresses, or the default value: the stack chooses.</param>
    /// <returns>False when it is lost here already: no route, no buffer, too long, or the address is not ours to use yet.</returns>
    bool TrySend(
        Instant now,
        IpAddress source,
        IpAddress destination,
        IpProtocol protocol,
        ReadOnlySpan<byte> header,
        ReadOnlySpan<byte> payload
    );

    /// <summary>The address that a datagram to <paramref name="destination"/> comes from; none when there is no route.</summary>
    IpAddress SourceFor(IpAddress destination);
}
