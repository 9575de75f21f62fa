using Morgana.Net;

namespace Morgana.Dns;

/// <summary>An address of a server that came with a referral.</summary>
/// <param name="Server">The server's name.</param>
/// <param name="Address">Its address.</param>
/// <param name="Ttl">For how many seconds.</param>
internal readonly record struct GlueAddress(DnsName Server, IpAddress Address, uint Ttl);
