namespace Morgana.Dns.Tests;

/// <summary>From the root down to the answer, when all is well.</summary>
public class IterationTests
{
    [Fact]
    public void An_address_is_found_from_the_root_down_and_each_server_is_told_one_label_more()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        Assert.Equal(
            "NoError www.example.test. A 192.0.2.80 | www.example.test. A 192.0.2.81",
            net.Ask("www.example.test.")
        );
        Assert.Equal(
            [
                "198.41.0.4 . NS",
                "198.41.0.4 test. A",
                "10.0.0.1 example.test. A",
                "10.0.0.2 www.example.test. A",
            ],
            net.Log
        );
    }

    [Fact]
    public void What_is_known_is_not_asked_again()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Ask("www.example.test.");
        net.Log.Clear();
        Assert.Equal(
            "NoError www.example.test. A 192.0.2.80 | www.example.test. A 192.0.2.81",
            net.Ask("www.example.test.")
        );
        Assert.Empty(net.Log);
        net.Ask("here.example.test.");
        Assert.Equal(["10.0.0.2 here.example.test. A"], net.Log);
    }

    [Theory]
    [InlineData("nothing.example.test.", "NameError")]
    [InlineData("a.b.c.d.nothing.example.test.", "NameError")]
    [InlineData("ent.example.test.", "NoError")]
    [InlineData("b.ent.example.test.", "NoError")]
    [InlineData(
        "alias.example.test.",
        "NoError alias.example.test. CNAME www.example.test. | www.example.test. A 192.0.2.80 | www.example.test. A 192.0.2.81"
    )]
    [InlineData("x.y.wild.example.test.", "NoError x.y.wild.example.test. A 192.0.2.7")]
    [InlineData("nothing.", "NameError")]
    public void Names_of_every_kind(string name, string expected)
    {
        SimulatedInternet net = SimulatedInternet.Small();
        Assert.Equal(expected, net.Ask(name));
        Assert.Equal(expected, net.Ask(name));
    }

    [Fact]
    public void Without_minimisation_servers_get_the_whole_name()
    {
        SimulatedInternet net = SimulatedInternet.Small(
            new ResolverOptions { MinimiseNames = false }
        );
        net.Ask("www.example.test.");
        Assert.Equal("198.41.0.4 www.example.test. A", net.Log[1]);
    }

    [Fact]
    public void Labels_with_an_underscore_are_not_asked_for_on_their_own()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Ask("_25._tcp.mail.example.test.", RecordType.Tlsa);
        Assert.Equal(
            [
                "198.41.0.4 test. A",
                "10.0.0.1 example.test. A",
                "10.0.0.2 mail.example.test. A",
                "10.0.0.2 _25._tcp.mail.example.test. TLSA",
            ],
            net.Log[1..]
        );
    }

    [Fact]
    public void A_name_of_very_many_labels_takes_at_most_ten_partial_questions_of_a_zone()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone("10.0.0.2", "example.test.", "@ NS ns ; ns A 10.0.0.2 ; *.deep A 192.0.2.1");
        string name = string.Concat(Enumerable.Repeat("a.", 60)) + "deep.example.test.";
        Assert.Equal($"NoError {name} A 192.0.2.1", net.Ask(name));
        Assert.InRange(net.Log.Count, 5, 15);
    }

    [Fact]
    public void A_chain_of_aliases_through_several_zones()
    {
        SimulatedInternet net = SimulatedInternet
            .Small()
            .Zone(
                "10.0.0.1",
                "test.",
                "@ NS ns ; ns A 10.0.0.1 ; one NS ns.one ; ns.one A 10.0.1.1 ; two NS ns.two ; ns.two A 10.0.1.2"
            )
            .Zone(
                "10.0.1.1",
                "one.test.",
                "@ NS ns ; ns A 10.0.1.1 ; a CNAME b.two.test. ; c CNAME d.two.test. ; gone CNAME none.two.test."
            )
            .Zone(
                "10.0.1.2",
                "two.test.",
                "@ NS ns ; ns A 10.0.1.2 ; b CNAME c.one.test. ; d A 192.0.2.1"
            );
        const string Chain =
            "a.one.test. CNAME b.two.test. | b.two.test. CNAME c.one.test. | c.one.test. CNAME d.two.test.";
        Assert.Equal($"NoError {Chain} | d.two.test. A 192.0.2.1", net.Ask("a.one.test."));
        Assert.Equal($"NoError {Chain} | d.two.test. A 192.0.2.1", net.Ask("a.one.test."));
        Assert.Equal($"NoError {Chain}", net.Ask("a.one.test.", RecordType.Mx));
        Assert.Equal(
            "NoError a.one.test. CNAME b.two.test.",
            net.Ask("a.one.test.", RecordType.Cname)
        );
        Assert.Equal("NameError gone.one.test. CNAME none.two.test.", net.Ask("gone.one.test."));
    }

    [Fact]
    public void A_DNAME_is_applied_here_and_its_CNAME_made_here()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.2",
            "example.test.",
            "@ NS ns ; ns A 10.0.0.2 ; old DNAME new ; www.new A 192.0.2.1"
        );
        Assert.Equal(
            "NoError old.example.test. DNAME new.example.test. | www.old.example.test. CNAME www.new.example.test. | www.new.example.test. A 192.0.2.1",
            net.Ask("www.old.example.test.")
        );
    }

    [Fact]
    public void A_DNAME_that_makes_too_long_a_name_is_YXDOMAIN()
    {
        string label = new('x', 60);
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.2",
            "example.test.",
            $"@ NS ns ; ns A 10.0.0.2 ; o DNAME {label}.{label}.{label}.new"
        );
        Assert.StartsWith(
            "NameExists o.example.test. DNAME",
            net.Ask($"{label}.o.example.test."),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Servers_without_glue_are_looked_up_by_name()
    {
        SimulatedInternet net = SimulatedInternet
            .Small()
            .Zone(
                "10.0.0.1",
                "test.",
                "@ NS ns ; ns A 10.0.0.1 ; example NS ns.example ; ns.example A 10.0.0.2 ; far NS here.example"
            )
            .Zone("192.0.2.10", "far.test.", "@ NS here.example.test. ; www A 192.0.2.99");
        Assert.Equal("NoError www.far.test. A 192.0.2.99", net.Ask("www.far.test."));
        Assert.Contains("10.0.0.2 here.example.test. A", net.Log);
    }

    [Fact]
    public void Servers_without_glue_several_zones_deep()
    {
        SimulatedInternet net = SimulatedInternet
            .Small()
            .Zone(
                "10.0.0.1",
                "test.",
                "@ NS ns ; ns A 10.0.0.1 ; z1 NS ns.z2 ; z2 NS ns.z3 ; z3 NS ns.z4 ; z4 NS ns.z4 ; ns.z4 A 10.1.0.4"
            )
            .Zone("10.1.0.4", "z4.test.", "@ NS ns ; ns A 10.1.0.4")
            .Zone("10.1.0.4", "z3.test.", "@ NS ns.z4.test. ; ns A 10.1.0.3")
            .Zone("10.1.0.3", "z2.test.", "@ NS ns.z3.test. ; ns A 10.1.0.2")
            .Zone("10.1.0.2", "z1.test.", "@ NS ns.z2.test. ; www A 192.0.2.1");
        // ns.z2, ns.z3 and ns.z4 have to be found before; z3 is reached with ns.z4, which is glue of z4 only.
        Assert.Equal("NoError www.z1.test. A 192.0.2.1", net.Ask("www.z1.test."));
    }

    [Fact]
    public void The_DS_of_a_zone_is_asked_of_its_parent()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.1",
            "test.",
            "@ NS ns ; ns A 10.0.0.1 ; example NS ns.example ; example DS 1 8 2 AB ; ns.example A 10.0.0.2"
        );
        net.Ask("www.example.test.");
        Assert.Equal("NoError example.test. DS 1 8 2 AB", net.Ask("example.test.", RecordType.Ds));
        Assert.DoesNotContain("10.0.0.2 example.test. DS", net.Log);
    }

    [Fact]
    public void Parent_and_child_on_the_same_server()
    {
        SimulatedInternet net = SimulatedInternet
            .Small()
            .Zone(
                "10.0.0.2",
                "sub.example.test.",
                "@ NS ns.example.test. ; www A 192.0.2.1 ; @ A 192.0.2.2"
            );
        Assert.Equal("NoError www.sub.example.test. A 192.0.2.1", net.Ask("www.sub.example.test."));
        Assert.Equal("NameError", net.Ask("none.sub.example.test."));
        Assert.Equal("NoError sub.example.test. A 192.0.2.2", net.Ask("sub.example.test."));
    }

    [Fact]
    public void The_root_is_asked_for_its_servers_before_the_list_runs_out_and_then_again()
    {
        SimulatedInternet net = SimulatedInternet
            .Small()
            .Zone(
                "198.41.0.4 198.41.0.5",
                ".",
                "@ 600 NS b.root.test. ; b.root.test. A 198.41.0.5 ; test. NS ns.test. ; ns.test. A 10.0.0.1"
            );
        net.Ask("nothing1.");
        net.Settle();
        net.Log.Clear();
        net.Ask("nothing2.");
        // The hint is not used any more.
        Assert.Equal(["198.41.0.5 nothing2. A"], net.Log);
        net.Advance(TimeSpan.FromSeconds(601));
        net.Ask("nothing3.");
        Assert.Contains("198.41.0.4 . NS", net.Log);
    }

    [Fact]
    public void Each_question_has_an_id_of_its_own_and_a_random_case()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        for (int i = 0; i < 50; i++)
        {
            net.Ask($"name{i}.example.test.");
        }

        List<byte[]> queries = net["10.0.0.2"].Queries;
        Assert.True(queries.Select(q => q[0] << 8 | q[1]).Distinct().Count() >= 49);
        Assert.True(
            queries.Select(q => Convert.ToHexString(q.AsSpan(19, 12))).Distinct().Count() > 40
        );
        // RD is off, one question, one OPT record that announces 1232 bytes.
        Assert.All(queries, q => Assert.Equal(0, q[2] & 1));
        Assert.All(
            queries,
            q => Assert.Contains("EDNS NoError 1232", MessageText.Long(q), StringComparison.Ordinal)
        );
    }
}
