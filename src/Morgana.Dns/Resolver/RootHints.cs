using System.Diagnostics.CodeAnalysis;
using Morgana.Net;

namespace Morgana.Dns;

/// <summary>
/// Where a resolver starts: addresses of root servers. They are only used to ask the root for its servers as of now (priming, RFC 8109), so one
/// that still answers is enough. As text they are addresses with commas between them: <c>10.0.0.3,10.0.0.4</c>.
/// </summary>
public sealed class RootHints : ISpanParsable<RootHints>
{
    /// <summary>Hints from a list of servers.</summary>
    /// <param name="servers">At least one, with at least one address among them.</param>
    /// <exception cref="ArgumentException">There is no address.</exception>
    public RootHints(IReadOnlyList<RootServer> servers)
    {
        ArgumentNullException.ThrowIfNull(servers);
        int addresses = 0;
        foreach (RootServer server in servers)
        {
            addresses += server.Addresses.Count;
        }

        if (addresses == 0)
        {
            throw new ArgumentException(
                "Root hints need an address to start from: give at least one.",
                nameof(servers)
            );
        }

        Servers = servers;
    }

    /// <summary>The servers of the Internet's root, as IANA lists them (a to m.root-servers.net, both families).</summary>
    public static RootHints Internet { get; } =
        new([
            Letter('a', "198.41.0.4", "2001:503:ba3e::2:30"),
            Letter('b', "170.247.170.2", "2801:1b8:10::b"),
            Letter('c', "192.33.4.12", "2001:500:2::c"),
            Letter('d', "199.7.91.13", "2001:500:2d::d"),
            Letter('e', "192.203.230.10", "2001:500:a8::e"),
            Letter('f', "192.5.5.241", "2001:500:2f::f"),
            Letter('g', "192.112.36.4", "2001:500:12::d0d"),
            Letter('h', "198.97.190.53", "2001:500:1::53"),
            Letter('i', "192.36.148.17", "2001:7fe::53"),
            Letter('j', "192.58.128.30", "2001:503:c27::2:30"),
            Letter('k', "193.0.14.129", "2001:7fd::1"),
            Letter('l', "199.7.83.42", "2001:500:9f::42"),
            Letter('m', "202.12.27.33", "2001:dc3::35"),
        ]);

    /// <summary>The servers.</summary>
    public IReadOnlyList<RootServer> Servers { get; }

    /// <summary>Reads addresses with commas between them.</summary>
    /// <exception cref="FormatException">The text is something else; the message says what to write.</exception>
    public static RootHints Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out RootHints? hints)
            ? hints
            : throw new FormatException(
                $"'{s}' are no root hints: write the addresses of one or more root servers with commas between them, as in 10.0.0.3,10.0.0.4."
            );

    /// <inheritdoc cref="Parse(ReadOnlySpan{char}, IFormatProvider?)"/>
    public static RootHints Parse(string s, IFormatProvider? provider) =>
        Parse(s.AsSpan(), provider);

    /// <summary>Reads addresses with commas between them.</summary>
    public static bool TryParse(
        ReadOnlySpan<char> s,
        IFormatProvider? provider,
        [MaybeNullWhen(false)] out RootHints result
    )
    {
        List<RootServer> servers = [];
        result = null;
        foreach (Range part in s.Split(','))
        {
            if (!IpAddress.TryParse(s[part].Trim(), provider, out IpAddress address))
            {
                return false;
            }

            servers.Add(new RootServer(DnsName.Root, [address]));
        }

        result = new RootHints(servers);
        return true;
    }

    /// <summary>Reads addresses with commas between them.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        [MaybeNullWhen(false)] out RootHints result
    ) => TryParse(s.AsSpan(), provider, out result);

    /// <summary>The addresses with commas between them.</summary>
    public override string ToString()
    {
        List<IpAddress> addresses = [];
        foreach (RootServer server in Servers)
        {
            addresses.AddRange(server.Addresses);
        }

        return string.Join(',', addresses);
    }

    internal NameServer[] NameServers()
    {
        NameServer[] servers = new NameServer[Servers.Count];
        for (int i = 0; i < servers.Length; i++)
        {
            servers[i] = new NameServer(
                Servers[i].Name,
                new List<IpAddress>(Servers[i].Addresses).ToArray()
            );
        }

        return servers;
    }

    private static RootServer Letter(char letter, string v4, string v6) =>
        new(
            DnsName.Parse($"{letter}.root-servers.net."),
            [IpAddress.Parse(v4, null), IpAddress.Parse(v6, null)]
        );
}
