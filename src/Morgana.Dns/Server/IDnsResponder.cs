namespace Morgana.Dns;

/// <summary>What answers questions: an authoritative server, a resolver. Called on the main loop's thread only.</summary>
public interface IDnsResponder
{
    /// <summary>Takes one message and answers it, now or later or not at all; never throws on bad input.</summary>
    /// <param name="query">The message as received, 0 to 65,535 bytes of anything; only valid during the call.</param>
    /// <param name="peer">Who sent it. Keep it and call <see cref="DnsPeer.Send"/> to answer later.</param>
    /// <param name="answer">Where an immediate answer goes: as large as the transport can carry.</param>
    /// <returns>Length of the immediate answer in bytes; 0 when it comes later or never.</returns>
    int Respond(ReadOnlySpan<byte> query, DnsPeer peer, Span<byte> answer);
}
