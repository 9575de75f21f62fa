using Morgana.Net;
using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>Who sent a message, and the way back.</summary>
public readonly struct DnsPeer
{
    private readonly IDnsReplyPath? _path;

    /// <summary>A peer that can be reached through <paramref name="path"/>; null when nothing can be sent back later (in tests).</summary>
    /// <param name="remote">The sender.</param>
    /// <param name="local">Which of our addresses it wrote to: answers come from there.</param>
    /// <param name="path">What sends.</param>
    public DnsPeer(IpEndpoint remote, IpAddress local, IDnsReplyPath? path = null)
    {
        Remote = remote;
        Local = local;
        _path = path;
    }

    /// <summary>The sender.</summary>
    public IpEndpoint Remote { get; }

    /// <summary>Which of our addresses it wrote to.</summary>
    public IpAddress Local { get; }

    /// <summary>When its message came (<see cref="UdpDatagram.ReceivedAt"/>); null when the transport does not know.</summary>
    public Instant? ReceivedAt { get; init; }

    /// <summary>Sends a whole answer; never waits.</summary>
    /// <returns>False when it could not be sent: it is lost.</returns>
    public bool Send(ReadOnlySpan<byte> answer) => _path?.TrySend(this, answer) ?? false;
}

/// <summary>A transport's way of sending answers.</summary>
public interface IDnsReplyPath
{
    /// <summary>Sends a whole answer to the peer; never waits.</summary>
    /// <returns>False when it could not be sent: it is lost.</returns>
    bool TrySend(DnsPeer peer, ReadOnlySpan<byte> answer);
}
