using Morgana.Net;

namespace Morgana.Dns;

/// <summary>What the resolver's state machine asks of the world. None of these may call back into the machine before it returns.</summary>
internal interface IResolverOutput
{
    /// <summary>Sends a question from a fresh random port; replies to that port come back as <see cref="ResolverMachine.TakeReply"/>.</summary>
    /// <returns>False when it could not be sent.</returns>
    bool Send(UpstreamQuery query, IpEndpoint server, ReadOnlySpan<byte> message);

    /// <summary>Closes the port of a question.</summary>
    void Close(UpstreamQuery query);

    /// <summary>Sends a client the answer for which it waited.</summary>
    void Answer(DnsPeer client, ReadOnlySpan<byte> message);
}
