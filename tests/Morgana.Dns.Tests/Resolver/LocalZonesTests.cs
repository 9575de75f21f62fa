namespace Morgana.Dns.Tests;

public class LocalZonesTests
{
    private static readonly LocalZones Zones = new(new ResolverOptions());

    private static string Ask(LocalZones zones, string name, RecordType type) =>
        !zones.TryAnswer(DnsName.Parse(name).Wire, type, out LocalAnswer answer) ? "not local"
        : answer.Set is { } set ? $"{answer.Code} {set.View(0).ToString()}"
        : $"{answer.Code} SOA {answer.Soa.Name}";

    [Theory]
    [InlineData("localhost.", RecordType.A, "NoError 127.0.0.1")]
    [InlineData("LocalHost.", RecordType.Aaaa, "NoError ::1")]
    [InlineData("any.name.localhost.", RecordType.A, "NoError 127.0.0.1")]
    [InlineData("localhost.", RecordType.Mx, "NoError SOA localhost.")]
    [InlineData("1.0.0.127.in-addr.arpa.", RecordType.Ptr, "NoError localhost.")]
    [InlineData("0.0.127.in-addr.arpa.", RecordType.Ptr, "NoError SOA 127.in-addr.arpa.")]
    [InlineData("2.0.0.127.in-addr.arpa.", RecordType.Ptr, "NameError SOA 127.in-addr.arpa.")]
    [InlineData("x.1.0.0.127.in-addr.arpa.", RecordType.Ptr, "NameError SOA 127.in-addr.arpa.")]
    [InlineData(
        "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa.",
        RecordType.Ptr,
        "NoError localhost."
    )]
    [InlineData("1.2.3.10.in-addr.arpa.", RecordType.Ptr, "NameError SOA 10.in-addr.arpa.")]
    [InlineData("10.in-addr.arpa.", RecordType.Ptr, "NoError SOA 10.in-addr.arpa.")]
    [InlineData("10.in-addr.arpa.", RecordType.Ns, "NoError 10.in-addr.arpa.")]
    [InlineData(
        "10.in-addr.arpa.",
        RecordType.Soa,
        "NoError 10.in-addr.arpa. nobody.invalid. 1 3600 1200 604800 10800"
    )]
    [InlineData("1.2.16.172.in-addr.arpa.", RecordType.Ptr, "NameError SOA 16.172.in-addr.arpa.")]
    [InlineData("1.2.31.172.in-addr.arpa.", RecordType.Ptr, "NameError SOA 31.172.in-addr.arpa.")]
    [InlineData("1.2.32.172.in-addr.arpa.", RecordType.Ptr, "not local")]
    [InlineData("1.2.15.172.in-addr.arpa.", RecordType.Ptr, "not local")]
    [InlineData("1.2.64.100.in-addr.arpa.", RecordType.Ptr, "NameError SOA 64.100.in-addr.arpa.")]
    [InlineData("1.2.127.100.in-addr.arpa.", RecordType.Ptr, "NameError SOA 127.100.in-addr.arpa.")]
    [InlineData("1.2.128.100.in-addr.arpa.", RecordType.Ptr, "not local")]
    [InlineData("1.2.168.192.in-addr.arpa.", RecordType.Ptr, "NameError SOA 168.192.in-addr.arpa.")]
    [InlineData("1.2.254.169.in-addr.arpa.", RecordType.Ptr, "NameError SOA 254.169.in-addr.arpa.")]
    [InlineData(
        "1.113.0.203.in-addr.arpa.",
        RecordType.Ptr,
        "NameError SOA 113.0.203.in-addr.arpa."
    )]
    [InlineData(
        "255.255.255.255.in-addr.arpa.",
        RecordType.Ptr,
        "NoError SOA 255.255.255.255.in-addr.arpa."
    )]
    [InlineData("a.d.f.ip6.arpa.", RecordType.Ptr, "NameError SOA d.f.ip6.arpa.")]
    [InlineData("a.8.e.f.ip6.arpa.", RecordType.Ptr, "NameError SOA 8.e.f.ip6.arpa.")]
    [InlineData(
        "a.8.b.d.0.1.0.0.2.ip6.arpa.",
        RecordType.Ptr,
        "NameError SOA 8.b.d.0.1.0.0.2.ip6.arpa."
    )]
    [InlineData("name.invalid.", RecordType.A, "NameError SOA invalid.")]
    [InlineData("name.test.", RecordType.A, "NameError SOA test.")]
    [InlineData("name.onion.", RecordType.A, "NameError SOA onion.")]
    [InlineData("name.local.", RecordType.A, "NameError SOA local.")]
    [InlineData("name.alt.", RecordType.A, "NameError SOA alt.")]
    [InlineData("printer.home.arpa.", RecordType.A, "NameError SOA home.arpa.")]
    [InlineData("_dns.resolver.arpa.", RecordType.Svcb, "NameError SOA resolver.arpa.")]
    [InlineData("www.example.com.", RecordType.A, "not local")]
    [InlineData(".", RecordType.Ns, "not local")]
    [InlineData("arpa.", RecordType.Ns, "not local")]
    public void Answers(string name, RecordType type, string expected) =>
        Assert.Equal(expected, Ask(Zones, name, type));

    [Fact]
    public void With_a_root_of_ones_own_test_is_an_ordinary_name()
    {
        LocalZones zones = new(
            new ResolverOptions { RootHints = RootHints.Parse("10.0.0.3", null) }
        );
        Assert.Equal("not local", Ask(zones, "www.test.", RecordType.A));
        Assert.Equal("NameError SOA invalid.", Ask(zones, "www.invalid.", RecordType.A));
    }

    [Fact]
    public void Names_can_be_taken_out_of_it()
    {
        LocalZones zones = new(
            new ResolverOptions
            {
                Transparent = DnsNameList.Parse(
                    "local., 5.10.in-addr.arpa., 168.192.in-addr.arpa",
                    null
                ),
            }
        );
        Assert.Equal("not local", Ask(zones, "a.local.", RecordType.A));
        Assert.Equal("not local", Ask(zones, "1.5.10.in-addr.arpa.", RecordType.Ptr));
        Assert.Equal("not local", Ask(zones, "5.10.in-addr.arpa.", RecordType.Ptr));
        Assert.Equal(
            "NameError SOA 10.in-addr.arpa.",
            Ask(zones, "6.10.in-addr.arpa.", RecordType.Ptr)
        );
        Assert.Equal("not local", Ask(zones, "1.168.192.in-addr.arpa.", RecordType.Ptr));
        LocalZones none = new(new ResolverOptions { LocalZones = false });
        Assert.Equal("not local", Ask(none, "localhost.", RecordType.A));
    }

    [Fact]
    public void Clients_are_answered_without_asking_anybody()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        Assert.Equal("NoError foo.localhost. A 127.0.0.1", net.Ask("foo.localhost."));
        Assert.Equal("NameError", net.Ask("1.0.0.10.in-addr.arpa.", RecordType.Ptr));
        Assert.Empty(net.Log);
    }

    [Fact]
    public void An_alias_into_a_local_zone_ends_there()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.2",
            "example.test.",
            "@ NS ns ; ns A 10.0.0.2 ; a CNAME x.localhost. ; b CNAME x.invalid."
        );
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(
                "NoError a.example.test. CNAME x.localhost. | x.localhost. A 127.0.0.1",
                net.Ask("a.example.test.")
            );
            Assert.Equal("NameError b.example.test. CNAME x.invalid.", net.Ask("b.example.test."));
        }
    }
}
