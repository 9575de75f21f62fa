namespace Morgana.Dns.Tests;

/// <summary>What odd zones and half-broken servers do out there, and what clients may expect all the same.</summary>
public class QuirksTests
{
    private const string Good = "NoError here.example.test. A 192.0.2.10";

    private static bool HasEdns(byte[] query) =>
        MessageText.Long(query).Contains("EDNS", StringComparison.Ordinal);

    private static SimulatedInternet Under(string lines) =>
        SimulatedInternet.Small().Zone("10.0.0.1", "test.", "@ NS ns ; ns A 10.0.0.1 ; " + lines);

    // EDNS and timeouts

    [Fact]
    public void A_server_that_drops_questions_with_EDNS_is_asked_without_after_timeouts_and_that_is_remembered()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query => HasEdns(query) ? [] : null;
        Assert.Equal(Good, net.Ask("here.example.test."));
        int before = net["10.0.0.2"].Queries.Count;
        Assert.Equal(3, before);
        net.Ask("www.example.test.");
        Assert.Equal(before + 1, net["10.0.0.2"].Queries.Count);
        Assert.False(HasEdns(net["10.0.0.2"].Queries[^1]));
    }

    [Fact]
    public void A_server_that_once_understood_EDNS_keeps_it_though_datagrams_get_lost()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        Assert.Equal(Good, net.Ask("here.example.test."));
        net["10.0.0.2"].Loses = n => n is 1 or 2;
        net.Ask("www.example.test.");
        Assert.All(net["10.0.0.2"].Queries, query => Assert.True(HasEdns(query)));
    }

    [Fact]
    public void A_plain_answer_after_losses_that_was_cut_off_makes_EDNS_worth_another_try()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Loses = n => n < 2;
        net["10.0.0.2"].Script = query =>
            HasEdns(query)
                ? null
                : MessageText.Reply(query, HeaderFlags.Authoritative | HeaderFlags.Truncated);
        Assert.Equal(Good, net.Ask("here.example.test."));
    }

    // Who is to blame

    [Theory]
    [InlineData("bad NS ns.bad ; ns.bad A 127.0.0.1")]
    [InlineData("bad NS ns.bad ; ns.bad AAAA 2001:db8::1")]
    [InlineData("bad NS ns.bad")]
    public void A_delegation_of_no_use_does_not_make_the_parents_servers_lame(string delegation)
    {
        SimulatedInternet net = Under(
            "example NS ns.example ; ns.example A 10.0.0.2 ; " + delegation
        );
        Assert.Equal("ServerFailure", net.Ask("www.bad.test."));
        Assert.Equal(Good, net.Ask("here.example.test."));
    }

    [Fact]
    public void A_delegation_of_no_use_is_not_asked_of_every_server_of_a_large_parent()
    {
        SimulatedInternet net = new();
        string hosts = string.Join(' ', Enumerable.Range(1, 13).Select(i => $"10.0.5.{i}"));
        string names = string.Join(
            " ; ",
            Enumerable.Range(1, 13).Select(i => $"test. NS n{i}.test. ; n{i}.test. A 10.0.5.{i}")
        );
        net.Zone("198.41.0.4", ".", "@ NS a.root.test. ; a.root.test. A 198.41.0.4 ; " + names);
        net.Zone(hosts, "test.", "@ NS n1 ; n1 A 10.0.5.1 ; bad NS ns.bad");
        Assert.Equal("ServerFailure", net.Ask("www.bad.test."));
        Assert.InRange(net.Log.Count, 3, 8);
    }

    [Fact]
    public void A_server_that_stumbles_over_AAAA_is_still_asked_for_A()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query =>
            MessageText.QuestionOf(query).Type == RecordType.Aaaa
                ? MessageText.Reply(query, HeaderFlags.None, ResponseCode.Refused)
                : null;
        Assert.Equal("ServerFailure", net.Ask("here.example.test.", RecordType.Aaaa));
        Assert.Equal(Good, net.Ask("here.example.test."));
    }

    [Fact]
    public void An_authoritative_nothing_with_the_zones_own_servers_in_place_of_the_SOA_is_NODATA()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query =>
            MessageText.QuestionOf(query).Type == RecordType.Aaaa
                ? MessageText.Reply(query, authority: "example.test. NS ns.example.test.")
                : null;
        Assert.Equal("NoError", net.Ask("here.example.test.", RecordType.Aaaa));
    }

    // Referrals

    [Fact]
    public void Of_several_NS_sets_in_a_referral_the_one_that_leads_down_to_the_name_counts()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.1"].Script = query =>
            MessageText.Reply(
                query,
                HeaderFlags.None,
                authority: "test. NS ns.test. ; example.test. NS ns.example.test.",
                additional: "ns.test. A 10.0.0.1 ; ns.example.test. A 10.0.0.2"
            );
        Assert.Equal(Good, net.Ask("here.example.test."));
    }

    [Fact]
    public void A_referral_that_has_the_authoritative_bit_is_followed()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.1"].Change = (_, answer) =>
        {
            answer[2] |= 0x04;
            return answer;
        };
        Assert.Equal(Good, net.Ask("here.example.test."));
    }

    [Fact]
    public void Glue_for_one_of_two_servers_is_enough_and_the_other_is_looked_up_when_that_is_dead()
    {
        SimulatedInternet net = Under(
                "example NS ns.example ; ns.example A 10.0.0.2 ; two NS ns.two ; two NS here.example ; ns.two A 10.0.7.1"
            )
            .Zone("192.0.2.10", "two.test.", "@ NS ns ; ns A 10.0.7.1 ; www A 192.0.2.99");
        net["10.0.7.1"].Loses = _ => true;
        Assert.Equal("NoError www.two.test. A 192.0.2.99", net.Ask("www.two.test."));
    }

    [Fact]
    public void A_server_whose_name_is_an_alias_is_not_used()
    {
        SimulatedInternet net = Under(
            "example NS ns.example ; ns.example A 10.0.0.2 ; far NS alias.example"
        );
        Assert.Equal("ServerFailure", net.Ask("www.far.test."));
    }

    [Fact]
    public void The_servers_of_a_zone_are_asked_of_the_zone_itself_and_not_taken_from_its_parent()
    {
        SimulatedInternet net = Under("example NS old.example ; old.example A 10.0.0.2");
        Assert.Equal(
            "NoError example.test. NS ns.example.test.",
            net.Ask("example.test.", RecordType.Ns)
        );
        Assert.Equal("NoError test. NS ns.test.", net.Ask("test.", RecordType.Ns));
    }

    [Fact]
    public void A_zone_taken_away_by_its_parent_does_not_live_on_by_delegating_ever_deeper_GhostDomains()
    {
        SimulatedInternet net = Under("evil 600 NS ns.evil ; ns.evil 600 A 10.6.6.6");
        net["10.6.6.6"].Script = query =>
        {
            // Each question is answered with a delegation that begins one label further down, to the same server.
            DnsName name = MessageText.QuestionOf(query).Name;
            return name.FirstLabel is [(byte)'w', ..]
                ? MessageText.Reply(query, answer: $"{name} 1 A 192.0.2.66")
                : MessageText.Reply(
                    query,
                    HeaderFlags.None,
                    authority: $"{name} 86400 NS ns.{name}",
                    additional: $"ns.{name} 86400 A 10.6.6.6"
                );
        };
        string below = "evil.test.";
        Assert.Equal($"NoError w.{below} A 192.0.2.66", net.Ask($"w.{below}"));
        net.Zone("10.0.0.1", "test.", "@ NS ns ; ns A 10.0.0.1 ; other A 192.0.2.1");
        for (int i = 0; i < 5; i++)
        {
            net.Advance(TimeSpan.FromSeconds(110));
            below = $"g{i}.{below}";
            Assert.Equal($"NoError w.{below} A 192.0.2.66", net.Ask($"w.{below}"));
        }

        net.Advance(TimeSpan.FromSeconds(110));
        Assert.Equal("NameError", net.Ask($"w.deeper.{below}"));
    }

    // Aliases

    [Fact]
    public void An_alias_to_the_apex_of_a_zone_below()
    {
        SimulatedInternet net = Under(
            "example NS ns.example ; ns.example A 10.0.0.2 ; a CNAME example"
        );
        net.Zone("10.0.0.2", "example.test.", "@ NS ns ; ns A 10.0.0.2 ; @ A 192.0.2.3");
        Assert.Equal(
            "NoError a.test. CNAME example.test. | example.test. A 192.0.2.3",
            net.Ask("a.test.")
        );
        Assert.Equal(
            "NoError a.test. CNAME example.test. | example.test. NS ns.example.test.",
            net.Ask("a.test.", RecordType.Ns)
        );
    }

    [Fact]
    public void A_DNAME_whose_target_is_an_alias_into_another_zone()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.2",
            "example.test.",
            "@ NS ns ; ns A 10.0.0.2 ; old DNAME new ; www.new CNAME host.test."
        );
        net.Zone(
            "10.0.0.1",
            "test.",
            "@ NS ns ; ns A 10.0.0.1 ; example NS ns.example ; ns.example A 10.0.0.2 ; host A 192.0.2.1"
        );
        string expected =
            "NoError old.example.test. DNAME new.example.test. | www.old.example.test. CNAME www.new.example.test. | www.new.example.test. CNAME host.test. | host.test. A 192.0.2.1";
        Assert.Equal(expected, net.Ask("www.old.example.test."));
        Assert.Equal("NameError", net.Ask("none.old.example.test.")[..9]);
        Assert.Equal(
            "NoError old.example.test. DNAME new.example.test.",
            net.Ask("old.example.test.", RecordType.Dname)
        );
    }

    [Fact]
    public void A_chain_in_one_answer_may_be_in_any_order()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query =>
            MessageText.Reply(
                query,
                answer: "c.example.test. A 192.0.2.1 ; b.example.test. CNAME c.example.test. ; a.example.test. CNAME b.example.test."
            );
        Assert.Equal(
            "NoError a.example.test. CNAME b.example.test. | b.example.test. CNAME c.example.test. | c.example.test. A 192.0.2.1",
            net.Ask("a.example.test.")
        );
    }

    [Theory]
    [InlineData("x.example.test. CNAME x.example.test.")]
    [InlineData("x.example.test. CNAME y.example.test. ; x.example.test. CNAME z.example.test.")]
    public void An_alias_to_itself_or_two_of_one_name_are_SERVFAIL(string answer)
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query => MessageText.Reply(query, answer: answer);
        Assert.Equal("ServerFailure", net.Ask("x.example.test."));
    }

    [Fact]
    public void Records_beside_the_question_in_the_answer_section_are_neither_given_nor_kept()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query =>
            MessageText.Reply(
                query,
                answer: "here.example.test. A 192.0.2.10 ; other.example.test. A 192.0.2.66 ; here.example.test. TXT x"
            );
        Assert.Equal(Good, net.Ask("here.example.test."));
        Assert.False(net.Knows("other.example.test."));
        Assert.False(net.Knows("here.example.test.", RecordType.Txt));
    }

    [Fact]
    public void An_answer_that_holds_only_another_type_is_no_answer_of_that_server()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query =>
            MessageText.QuestionOf(query).Type == RecordType.Mx
                ? MessageText.Reply(
                    query,
                    answer: "here.example.test. A 192.0.2.10",
                    authority: "example.test. SOA a.b. c.d. 1 1 1 1 300"
                )
                : null;
        Assert.Equal("NoError", net.Ask("here.example.test.", RecordType.Mx));
    }

    // Questions for parts of a name

    [Fact]
    public void A_part_that_is_an_alias_to_nothing_is_not_denied_itself()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        bool aliasOnly = true;
        net["10.0.0.2"].Script = query =>
        {
            Question asked = MessageText.QuestionOf(query);
            return asked.Name == DnsName.Parse("part.example.test.") && aliasOnly
                ? MessageText.Reply(
                    query,
                    code: ResponseCode.NameError,
                    answer: "part.example.test. 5 CNAME gone.example.test.",
                    authority: "example.test. SOA a.b. c.d. 1 1 1 1 300"
                )
                : null;
        };
        Assert.Equal("NameError", net.Ask("below.part.example.test."));
        aliasOnly = false;
        net.Zone(
            "10.0.0.2",
            "example.test.",
            "@ NS ns ; ns A 10.0.0.2 ; part CNAME www ; www A 192.0.2.80"
        );
        net.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(
            "NoError part.example.test. CNAME www.example.test. | www.example.test. A 192.0.2.80",
            net.Ask("part.example.test.")
        );
    }

    [Theory]
    [InlineData(ResponseCode.NameError)]
    [InlineData(ResponseCode.Refused)]
    [InlineData(ResponseCode.ServerFailure)]
    [InlineData(ResponseCode.NotImplemented)]
    [InlineData(ResponseCode.FormatError)]
    public void A_server_that_answers_a_part_with_a_code_gets_the_whole_question(ResponseCode code)
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone("10.0.0.2", "example.test.", "@ NS ns ; ns A 10.0.0.2 ; www.ent A 192.0.2.5");
        net["10.0.0.2"].Script = query =>
            MessageText.QuestionOf(query).Name == DnsName.Parse("ent.example.test.")
                ? MessageText.Reply(query, code: code)
                : null;
        Assert.Equal("NoError www.ent.example.test. A 192.0.2.5", net.Ask("www.ent.example.test."));
    }

    [Fact]
    public void A_server_that_drops_questions_for_a_part_gets_the_whole_question()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.2",
            "example.test.",
            "@ NS ns ; ns A 10.0.0.2 ; here A 192.0.2.10 ; www.ent A 192.0.2.5"
        );
        net.Ask("here.example.test.");
        net["10.0.0.2"].Script = query =>
            MessageText.QuestionOf(query).Name == DnsName.Parse("ent.example.test.") ? [] : null;
        Assert.Equal("NoError www.ent.example.test. A 192.0.2.5", net.Ask("www.ent.example.test."));
        Assert.Equal(Good, net.Ask("here.example.test."));
    }

    [Fact]
    public void A_delegation_two_labels_down_is_found_past_a_label_that_has_nothing()
    {
        SimulatedInternet net = Under("sub.ent NS ns.sub.ent ; ns.sub.ent A 10.0.8.1");
        net.Zone("10.0.8.1", "sub.ent.test.", "@ NS ns ; ns A 10.0.8.1 ; www A 192.0.2.5");
        Assert.Equal("NoError www.sub.ent.test. A 192.0.2.5", net.Ask("www.sub.ent.test."));
    }

    [Fact]
    public void An_address_that_only_IPv6_would_reach_is_SERVFAIL_at_once_where_there_is_none()
    {
        SimulatedInternet net = Under(
            "example NS ns.example ; ns.example A 10.0.0.2 ; six NS v6.example"
        );
        net.Zone("10.0.0.2", "example.test.", "@ NS ns ; ns A 10.0.0.2 ; v6 AAAA 2001:db8::1");
        long start = net.Now.Nanoseconds;
        Assert.Equal("ServerFailure", net.Ask("www.six.test."));
        Assert.InRange((net.Now.Nanoseconds - start) / 1_000_000, 0, 1000);
    }
}
