using Morgana.Net;
using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>
/// Who serves a zone, as its parent said, with the addresses (glue) that came along. One immutable object: servers and glue are learnt, used and
/// forgotten together, and glue is never mistaken for an answer nor used for another zone.
/// </summary>
internal sealed class Delegation
{
    public Delegation(DnsName zone, NameServer[] servers, Instant expires)
    {
        Zone = zone;
        Servers = servers;
        Expires = expires;
        int size = 160 + zone.Length;
        foreach (NameServer server in servers)
        {
            size += 72 + server.Name.Length + 32 * server.Glue.Length;
        }

        MemorySize = size;
    }

    public DnsName Zone { get; }

    public NameServer[] Servers { get; }

    /// <summary>When the servers or their glue run out, whatever is first.</summary>
    public Instant Expires { get; }

    /// <summary>About how many bytes it takes.</summary>
    public int MemorySize { get; }

    /// <summary>Whether any address came along.</summary>
    public bool HasGlue
    {
        get
        {
            foreach (NameServer server in Servers)
            {
                if (server.Glue.Length > 0)
                {
                    return true;
                }
            }

            return false;
        }
    }
}

/// <summary>A server of a zone.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Glue">Addresses that came with the delegation; may be none.</param>
internal readonly record struct NameServer(DnsName Name, IpAddress[] Glue);
