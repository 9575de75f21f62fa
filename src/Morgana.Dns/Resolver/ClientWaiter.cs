namespace Morgana.Dns;

/// <summary>A client that waits for an answer.</summary>
/// <param name="Peer">Who.</param>
/// <param name="Request">How it asked.</param>
/// <param name="Name">The name asked for, in the client's case.</param>
internal readonly record struct ClientWaiter(DnsPeer Peer, ClientRequest Request, DnsName Name);
