using Morgana.EndToEnd.Network;
using Morgana.EndToEnd.Servers;

namespace Morgana.EndToEnd.Worlds;

/// <summary>
/// A small Internet inside a namespace: the thirteen root servers on their real addresses, servers of com, net and org,
/// and two hosters, each an nsd or knotd process that knows only its own zones, so that a resolver has to follow every
/// delegation. Beside them a TAP device for an image that is 10.0.0.2 with the gateway 10.0.0.1.
/// </summary>
internal sealed class RootWorld : IAsyncDisposable
{
    /// <summary>The TAP device for the image.</summary>
    public const string Tap = "tap0";

    /// <summary>The image's address.</summary>
    public const string ImageAddress = "10.0.0.2";

    /// <summary>The image's gateway, the namespace itself.</summary>
    public const string Gateway = "10.0.0.1";

    /// <summary>A server that no packet reaches and nothing answers for.</summary>
    public const string DeadServer = "203.0.113.200";

    private static readonly (string Letter, string Address)[] RootServers =
    [
        ("a", "198.41.0.4"),
        ("b", "170.247.170.2"),
        ("c", "192.33.4.12"),
        ("d", "199.7.91.13"),
        ("e", "192.203.230.10"),
        ("f", "192.5.5.241"),
        ("g", "192.112.36.4"),
        ("h", "198.97.190.53"),
        ("i", "192.36.148.17"),
        ("j", "192.58.128.30"),
        ("k", "193.0.14.129"),
        ("l", "199.7.83.42"),
        ("m", "202.12.27.33"),
    ];

    private const string CommercialServer = "192.5.6.30";
    private const string OrganisationServer = "199.19.56.1";
    private const string ExampleServer = "203.0.113.53";
    private const string HosterServer = "203.0.113.54";
    private const string GluelessServer = "203.0.113.55";

    private readonly List<AuthoritativeServer> servers = [];

    private RootWorld(NetworkNamespace space) => Space = space;

    /// <summary>Where it all is.</summary>
    public NetworkNamespace Space { get; }

    /// <summary>Builds it; returns when all servers serve.</summary>
    public static async Task<RootWorld> CreateAsync()
    {
        RootWorld world = new(await NetworkNamespace.CreateAsync());
        try
        {
            await world.BuildAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (AuthoritativeServer server in servers)
        {
            await server.DisposeAsync();
        }

        await Space.DisposeAsync();
    }

    private async Task BuildAsync()
    {
        await Space.AddTapAsync(Tap, $"{Gateway}/24");
        string[] roots = [.. RootServers.Select(server => server.Address)];
        await Space.AddAddressesAsync([
            .. roots,
            CommercialServer,
            OrganisationServer,
            ExampleServer,
            HosterServer,
            GluelessServer,
        ]);
        await Space.IpAsync("route", "add", "blackhole", DeadServer);
        string rootNames = string.Join(
            '\n',
            RootServers.Select(server => $"@ IN NS {server.Letter}.root-servers.net.")
        );
        string rootAddresses = string.Join(
            '\n',
            RootServers.Select(server => $"{server.Letter}.root-servers.net. IN A {server.Address}")
        );

        servers.Add(
            await AuthoritativeServer.StartNsdAsync(
                Space,
                roots,
                Zone.Of(
                    ".",
                    $"""
                    {rootNames}
                    {rootAddresses}
                    com. IN NS a.gtld-servers.net.
                    net. IN NS a.gtld-servers.net.
                    a.gtld-servers.net. IN A {CommercialServer}
                    org. IN NS a0.org.afilias-nst.info.
                    a0.org.afilias-nst.info. IN A {OrganisationServer}
                    """
                ),
                Zone.Of(
                    "root-servers.net.",
                    $"""
                    {rootNames}
                    {rootAddresses}
                    """
                )
            )
        );
        servers.Add(
            await AuthoritativeServer.StartNsdAsync(
                Space,
                [CommercialServer],
                Zone.Of(
                    "com.",
                    $"""
                    @ IN NS a.gtld-servers.net.
                    example IN NS ns1.example
                    ns1.example IN A {ExampleServer}
                    half IN NS dead.half
                    half IN NS ns1.example
                    dead.half IN A {DeadServer}
                    dead IN NS ns.dead
                    ns.dead IN A {DeadServer}
                    ; The only server's name lies in another zone, so no address can come with the delegation.
                    glueless IN NS ns1.hoster.org.
                    """
                ),
                Zone.Of(
                    "net.",
                    $"""
                    @ IN NS a.gtld-servers.net.
                    a.gtld-servers IN A {CommercialServer}
                    """
                )
            )
        );
        servers.Add(
            await AuthoritativeServer.StartKnotAsync(
                Space,
                [OrganisationServer],
                Zone.Of(
                    "org.",
                    $"""
                    @ IN NS a0.org.afilias-nst.info.
                    hoster IN NS ns.hoster
                    ns.hoster IN A {HosterServer}
                    """
                )
            )
        );
        servers.Add(
            await AuthoritativeServer.StartNsdAsync(
                Space,
                [ExampleServer],
                Zone.Of("example.com.", ExampleZone),
                Zone.Of(
                    "half.com.",
                    """
                    @ IN NS dead
                    @ IN NS ns1.example.com.
                    dead IN A 203.0.113.200
                    www IN A 203.0.113.90
                    """
                )
            )
        );
        servers.Add(
            await AuthoritativeServer.StartKnotAsync(
                Space,
                [HosterServer, GluelessServer],
                Zone.Of(
                    "hoster.org.",
                    $"""
                    @ IN NS ns
                    ns IN A {HosterServer}
                    ns1 IN A {GluelessServer}
                    target IN A 203.0.113.81
                    """
                ),
                Zone.Of(
                    "glueless.com.",
                    """
                    @ IN NS ns1.hoster.org.
                    www IN A 203.0.113.82
                    """
                )
            )
        );
    }

    private const string ExampleZone = """
        @ IN NS ns1
        ns1 IN A 203.0.113.53
        @ IN MX 10 mail
        @ IN MX 20 mail.hoster.org.
        @ IN TXT "v=spf1 -all"
        @ IN TXT "two" "strings; of one record"
        www IN A 203.0.113.80
        www IN AAAA 2001:db8::80
        mail IN A 203.0.113.25
        several IN A 203.0.113.1
        several IN A 203.0.113.2
        several IN A 203.0.113.3
        alias IN CNAME step
        step IN CNAME further
        further IN CNAME www
        away IN CNAME target.hoster.org.
        dangling IN CNAME nowhere
        loop1 IN CNAME loop2
        loop2 IN CNAME loop1
        *.wild IN A 203.0.113.99
        *.wild IN TXT "from the wildcard"
        named.wild IN TXT "not from the wildcard"
        below.empty IN A 203.0.113.70
        _dns._udp IN SRV 1 2 53 ns1
        @ IN CAA 0 issue "ca.example.net"
        unknown IN TYPE65280 \# 4 DEADBEEF
        big IN TXT "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
        big IN TXT "1123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
        big IN TXT "2123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
        short 2 IN A 203.0.113.71
        """;
}
