using Morgana.Net;
using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>Puts what replies say into the cache, and makes delegations of referrals.</summary>
internal sealed class ReplyKeeper(ResolverOptions options, DnsCache cache)
{
    /// <summary>Whether an address can belong to a server. Ours and everybody's do not: a delegation there would have us talk to ourselves or to a crowd.</summary>
    public bool MayAsk(IpAddress address) =>
        (address.IsV4 || (address.IsV6 && options.UseIpv6))
        && !address.IsLoopback
        && !address.IsMulticast
        && !address.IsUnspecified
        && !(address.IsV4 && address.ToUInt32() is < 0x01000000 or >= 0xf0000000);

    /// <summary>How long a denial with this SOA holds (RFC 2308 section 5).</summary>
    public TimeSpan DenialTtl(RecordSet soa)
    {
        uint ttl = SoaData.TryRead(soa.View(0), out SoaData data)
            ? Math.Min(soa.Ttl, data.Minimum)
            : 0;
        TimeSpan span = TimeSpan.FromSeconds(ttl);
        return span < options.Cache.MaxNegativeTtl ? span : options.Cache.MaxNegativeTtl;
    }

    /// <summary>Keeps the sets of an answer's chain, and when each of them ends.</summary>
    public TimedSet[] Keep(Reply reply, Instant now)
    {
        Credibility credibility = reply.Authoritative
            ? Credibility.AuthoritativeAnswer
            : Credibility.NonAuthoritativeAnswer;
        TimedSet[] chain = new TimedSet[reply.Chain.Count];
        for (int i = 0; i < chain.Length; i++)
        {
            RecordSet set = reply.Chain[i];
            chain[i] = new TimedSet(set, cache.Put(set, credibility, now));
        }

        if (reply.AuthorityServers is { } servers)
        {
            cache.Put(servers, Credibility.AuthoritativeAuthority, now);
        }

        return chain;
    }

    /// <summary>
    /// Makes a delegation of a referral; null when its servers cannot be reached by any way. It ends with the parent's own delegation: else a
    /// zone that was taken away could live on by delegating to itself ever further down, each time anew (ghost domains). The root is never taken away.
    /// </summary>
    public Delegation? Delegate(Reply reply, Instant parentExpires, Instant now)
    {
        RecordSet set = reply.Servers!;
        DnsName zone = set.Name;
        uint ttl = set.Ttl;
        List<NameServer> servers = [];
        List<IpAddress> addresses = [];
        for (int i = 0; i < set.Count; i++)
        {
            _ = DnsName.TryRead(set[i], out DnsName name);
            addresses.Clear();
            foreach (GlueAddress glue in reply.Glue)
            {
                if (
                    glue.Server.Equals(name)
                    && MayAsk(glue.Address)
                    && !addresses.Contains(glue.Address)
                    && addresses.Count < 8
                )
                {
                    ttl = Math.Min(ttl, glue.Ttl);
                    addresses.Add(glue.Address);
                }
            }

            // Without glue, a server named inside its own zone could only be found by asking itself.
            if (addresses.Count > 0 || !name.IsAtOrBelow(zone))
            {
                servers.Add(new NameServer(name, [.. addresses]));
            }
        }

        if (servers.Count == 0)
        {
            return null;
        }

        if (servers.Count > options.MaxServersPerZone)
        {
            // Those with glue cost nothing to try.
            List<NameServer> others = servers.FindAll(server => server.Glue.Length == 0);
            servers = servers.FindAll(server => server.Glue.Length > 0);
            servers.AddRange(others);
            servers.RemoveRange(
                options.MaxServersPerZone,
                servers.Count - options.MaxServersPerZone
            );
        }

        TimeSpan kept = TimeSpan.FromSeconds(ttl);
        Instant expires = now + (kept < options.Cache.MaxTtl ? kept : options.Cache.MaxTtl);
        return new Delegation(
            zone,
            [.. servers],
            expires < parentExpires ? expires : parentExpires
        );
    }
}
