using Morgana.Net;

namespace Morgana.Dns;

/// <summary>A server of the root zone that is known beforehand.</summary>
/// <param name="Name">Its name; the root itself where it is not known.</param>
/// <param name="Addresses">Its addresses.</param>
public sealed record RootServer(DnsName Name, IReadOnlyList<IpAddress> Addresses);
