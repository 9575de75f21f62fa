namespace Morgana.Dns.Tests;

public class ZoneTests
{
    private const string Head = """
        $ORIGIN example.test.
        $TTL 1h
        @ SOA ns1 hostmaster 1 1h 15m 1w 5m
        @ NS ns1
        ns1 A 192.0.2.53

        """;

    internal static Zone Load(string text)
    {
        Zone? zone = Zone.Parse(Head + text, null, out IReadOnlyList<MasterFileIssue> issues);
        Assert.Empty(issues);
        return zone!;
    }

    private static string Find(Zone zone, string name)
    {
        ZoneMatch match = zone.Find(DnsName.Parse(name).View);
        return $"{match.Kind} {match.Node?.Name}{(match.IsNode ? " itself" : "")}";
    }

    [Fact]
    public void The_wildcards_of_RFC_4592_section_2_2_1_match_what_it_says()
    {
        Zone zone = Load(
            """
            * TXT "this is a wildcard"
            * MX 10 host1
            sub.* TXT "this is not a wildcard"
            host1 A 192.0.2.1
            _ssh._tcp.host1 SRV 0 0 22 host1
            _ssh._tcp.host2 SRV 0 0 22 host1
            subdel NS ns.else.test.
            """
        );
        Assert.Equal("Wildcard *.example.test.", Find(zone, "host3.example.test."));
        Assert.Equal("Wildcard *.example.test.", Find(zone, "foo.bar.example.test."));
        Assert.Equal("Exact host1.example.test. itself", Find(zone, "host1.example.test."));
        Assert.Equal("Exact sub.*.example.test. itself", Find(zone, "sub.*.example.test."));
        Assert.Equal(
            "NoName _tcp.host1.example.test.",
            Find(zone, "_telnet._tcp.host1.example.test.")
        );
        Assert.Equal("Delegation subdel.example.test.", Find(zone, "host.subdel.example.test."));
        Assert.Equal("NoName *.example.test.", Find(zone, "ghost.*.example.test."));
        // Empty non-terminals exist.
        Assert.Equal("Exact host2.example.test. itself", Find(zone, "host2.example.test."));
        Assert.Equal(
            "Exact _tcp.host2.example.test. itself",
            Find(zone, "_TCP.HOST2.example.test.")
        );
        Assert.Equal("Exact *.example.test. itself", Find(zone, "*.example.test."));
    }

    [Fact]
    public void Names_are_found_at_and_below_cuts_and_DNAMEs_and_outside()
    {
        Zone zone = Load(
            """
            child NS ns.child
            ns.child A 192.0.2.5
            old DNAME new.test.
            """
        );
        Assert.Equal("Exact example.test. itself", Find(zone, "EXAMPLE.test."));
        Assert.Equal("OutOfZone ", Find(zone, "test."));
        Assert.Equal("OutOfZone ", Find(zone, "anexample.test."));
        Assert.Equal("Delegation child.example.test. itself", Find(zone, "child.example.test."));
        Assert.Equal("Delegation child.example.test.", Find(zone, "ns.child.example.test."));
        Assert.Equal("Exact old.example.test. itself", Find(zone, "old.example.test."));
        Assert.Equal("Dname old.example.test.", Find(zone, "a.b.old.example.test."));
        Assert.Equal("NoName example.test.", Find(zone, "a.b.none.example.test."));
        Assert.True(zone.TryGetNode(DnsName.Parse("ns.child.example.test.").View, out _));
        Assert.Equal(300u, zone.NegativeTtl);
        Assert.Equal(1u, zone.Serial);
    }

    [Fact]
    public void Finding_allocates_nothing()
    {
        Zone zone = Load("a.b.c A 192.0.2.1\n*.w A 192.0.2.2\n");
        DnsName[] names =
        [
            DnsName.Parse("a.b.c.example.test."),
            DnsName.Parse("x.y.w.example.test."),
            DnsName.Parse("none.example.test."),
        ];
        zone.Find(names[0].View);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 300; i++)
        {
            zone.Find(names[i % 3].View);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("a 1 A 1.1.1.1", 0, true, "no SOA")]
    [InlineData("@ 1 SOA a. b. 1 1 1 1 1", 1, true, "no name server")]
    [InlineData(Head + "@ SOA a. b. 1 1 1 1 1", 6, true, "second SOA")]
    [InlineData(Head + "x SOA a. b. 1 1 1 1 1", 6, true, "second SOA")]
    [InlineData(Head + "other.org. A 1.1.1.1", 6, true, "outside the zone")]
    [InlineData(Head + "a CNAME b\na A 1.1.1.1", 7, true, "must not have A as well")]
    [InlineData(Head + "a CNAME b\na CNAME c", 6, true, "2 CNAME")]
    [InlineData(Head + "a DNAME b\na DNAME c", 6, true, "2 DNAME")]
    [InlineData(Head + "a DNAME b.\nx.a A 1.1.1.1", 7, true, "below the DNAME")]
    [InlineData(Head + "*.a NS ns1", 6, true, "wildcard")]
    [InlineData(Head + "*.a DNAME b.", 6, true, "wildcard")]
    [InlineData(Head + "a NS ns.a", 6, false, "add glue")]
    [InlineData(Head + "a MX 1 m", 6, false, "add an address")]
    [InlineData(Head + "a MX 1 m\nm CNAME ns1", 6, false, "is an alias")]
    [InlineData(Head + "a NS ns.test.\nx.a TXT y", 7, false, "never given")]
    [InlineData(Head + "a 1 A 1.1.1.1\na 2 A 1.1.1.2", 7, false, "differs")]
    [InlineData(Head + "a A 1.1.1.1\nA A 1.1.1.1", 7, false, "twice")]
    public void What_is_wrong_with_a_zone_is_said_when_it_is_loaded(
        string text,
        int line,
        bool isError,
        string reason
    )
    {
        Zone? zone = Zone.Parse(text, null, out IReadOnlyList<MasterFileIssue> issues);
        Assert.Equal(isError, zone is null);
        MasterFileIssue issue = Assert.Single(issues);
        Assert.Contains(reason, issue.Message, StringComparison.Ordinal);
        Assert.Equal((line, isError), (issue.Line, issue.IsError));
        if (isError)
        {
            Assert.Throws<MasterFileException>(() => Zone.Parse(text));
        }
    }

    [Fact]
    public void Hosts_that_a_wildcard_a_DNAME_or_another_zone_may_answer_for_give_no_warning() =>
        Load(
            """
            *.w A 192.0.2.1
            a MX 1 x.w
            b MX 1 x.d
            d DNAME other.test.
            c NS ns.c
            ns.c A 192.0.2.2
            e MX 1 mail.c
            f NS ns.else.c
            g MX 1 far.test.
            h MX 0 .
            """
        );
}
