using System.Globalization;
using Morgana.Net;

namespace Morgana.Dns.Tests;

/// <summary>What a stranger can make the resolver do is bounded.</summary>
public class LimitsTests
{
    [Fact]
    public void A_loop_of_aliases_ends_in_SERVFAIL()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.2",
            "example.test.",
            "@ NS ns ; ns A 10.0.0.2 ; a CNAME b ; b CNAME c ; c CNAME a ; self CNAME self"
        );
        Assert.Equal("ServerFailure", net.Ask("a.example.test."));
        Assert.Equal("ServerFailure", net.Ask("self.example.test."));
        Assert.InRange(net.Log.Count, 4, 16);
    }

    [Fact]
    public void A_loop_of_aliases_over_two_zones_ends_in_SERVFAIL()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.1",
            "test.",
            "@ NS ns ; ns A 10.0.0.1 ; one NS ns.one ; ns.one A 10.0.1.1 ; two NS ns.two ; ns.two A 10.0.1.2"
        );
        net.Zone("10.0.1.1", "one.test.", "@ NS ns ; ns A 10.0.1.1 ; a CNAME b.two.test.");
        net.Zone("10.0.1.2", "two.test.", "@ NS ns ; ns A 10.0.1.2 ; b CNAME a.one.test.");
        Assert.Contains(
            "aliases go in a circle",
            MessageText.Long(net.AskRaw(MessageText.Query("a.one.test.", RecordType.A))),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(12, true)]
    [InlineData(13, false)]
    public void A_chain_of_aliases_may_have_twelve_links(int links, bool answered)
    {
        // Each alias is in another message.
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query =>
        {
            DnsName name = MessageText.QuestionOf(query).Name;
            string first = System.Text.Encoding.ASCII.GetString(name.FirstLabel);
            return name.LabelCount < 3 ? null
                : first.Length - 1 < links
                    ? MessageText.Reply(query, answer: $"{name} CNAME {first}x.example.test.")
                : MessageText.Reply(query, answer: $"{name} A 192.0.2.1");
        };
        for (int i = 0; i < 2; i++)
        {
            Assert.StartsWith(
                answered ? "NoError" : "ServerFailure",
                net.Ask("x.example.test."),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void Zones_whose_servers_need_each_other_end_in_SERVFAIL()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.1",
            "test.",
            "@ NS ns ; ns A 10.0.0.1 ; a NS ns.b ; b NS ns.c ; c NS ns.a ; self NS ns.self ; two NS x.two2 ; two2 NS x.two"
        );
        Assert.Equal("ServerFailure", net.Ask("www.a.test."));
        Assert.Equal("ServerFailure", net.Ask("www.two.test."));
        net.Settle();
        Assert.Equal(0, net.Machine.InFlight);
        Assert.InRange(net.Sent, 3, 30);
    }

    [Fact]
    public void Zones_whose_servers_need_each_other_end_also_when_both_are_asked_at_once()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.1",
            "test.",
            "@ NS ns ; ns A 10.0.0.1 ; a NS ns1.b ; a NS ns2.b ; b NS ns1.a ; b NS ns2.a"
        );
        List<IpEndpoint> clients =
        [
            .. (
                (string[])
                    ["www.a.test.", "www.b.test.", "ns1.a.test.", "ns1.b.test.", "ns2.a.test."]
            ).Select(name => net.Begin(MessageText.Query(name, RecordType.A))),
        ];
        net.Settle();
        Assert.Equal(0, net.Machine.InFlight);
        Assert.All(
            clients,
            client => Assert.Equal("ServerFailure", MessageText.Short(net.AnswerOf(client)))
        );
    }

    [Fact]
    public void A_delegation_to_very_many_servers_without_glue_is_not_followed_to_all_NXNSAttack()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.1",
            "test.",
            "@ NS ns ; ns A 10.0.0.1 ; evil NS ns.evil ; ns.evil A 10.6.6.6 ; victim NS ns.victim ; ns.victim A 10.0.0.7"
        );
        net["10.6.6.6"].Script = query =>
            MessageText.Reply(
                query,
                HeaderFlags.None,
                authority: string.Join(
                    " ; ",
                    Enumerable
                        .Range(0, 60)
                        .Select(i =>
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"x.evil.test. 0 NS n{i}.victim.test."
                            )
                        )
                )
            );
        net.Zone("10.0.0.7", "victim.test.", "@ NS ns ; ns A 10.0.0.7");
        Assert.Equal("ServerFailure", net.Ask("a.x.evil.test."));
        Assert.InRange(net["10.0.0.7"].Asked.Count, 1, 4);
        Assert.InRange(net.Sent, 4, 20);
    }

    [Fact]
    public void Delegations_without_glue_that_lead_to_ever_more_of_them_end()
    {
        // Each zone has two servers in two further zones without glue, and so on for ever.
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.1"].Script = query =>
        {
            DnsName name = MessageText.QuestionOf(query).Name;
            if (name.LabelCount < 2)
            {
                return null;
            }

            string zone = System.Text.Encoding.ASCII.GetString(name.Ancestor(2).FirstLabel);
            return MessageText.Reply(
                query,
                HeaderFlags.None,
                authority: $"{zone}.test. NS ns.{zone}a.test. ; {zone}.test. NS ns.{zone}b.test."
            );
        };
        Assert.Equal("ServerFailure", net.Ask("www.z.test."));
        net.Settle();
        Assert.Equal(0, net.Machine.InFlight);
        Assert.InRange(net.Sent, 3, 70);
    }

    [Fact]
    public void A_zone_that_delegates_downwards_without_end_runs_into_the_limit_of_queries()
    {
        SimulatedInternet net = SimulatedInternet.Small(new ResolverOptions { MaxQueries = 20 });
        net["10.0.0.2"].Script = query =>
        {
            DnsName name = MessageText.QuestionOf(query).Name;
            return MessageText.Reply(
                query,
                HeaderFlags.None,
                authority: $"{name} NS ns.{name}",
                additional: $"ns.{name} A 10.0.0.2"
            );
        };
        string name = string.Concat(Enumerable.Repeat("a.", 100)) + "example.test.";
        Assert.Contains(
            "too many queries",
            MessageText.Long(net.AskRaw(MessageText.Query(name, RecordType.A))),
            StringComparison.Ordinal
        );
        Assert.InRange(net.Sent, 20, 22);
    }

    [Fact]
    public void Equal_questions_of_many_clients_are_worked_on_once_and_all_are_answered_in_their_own_case()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        List<(IpEndpoint Client, string Name)> asked = [];
        foreach (
            string name in (string[])
                ["here.example.test.", "HERE.example.test.", "heRE.eXample.tesT."]
        )
        {
            for (int i = 0; i < 10; i++)
            {
                asked.Add((net.Begin(MessageText.Query(name, RecordType.A, id: (ushort)i)), name));
            }
        }

        Assert.Equal(2, net.Machine.InFlight);
        net.Settle();
        Assert.Single(net["10.0.0.2"].Asked);
        Assert.All(
            asked,
            one =>
                Assert.Equal(
                    $"NoError {one.Name} A 192.0.2.10",
                    MessageText.Short(net.AnswerOf(one.Client))
                )
        );
        Assert.Equal(
            Enumerable.Range(0, 10).Concat(Enumerable.Range(0, 10)).Concat(Enumerable.Range(0, 10)),
            asked.Select(one => (int)net.AnswerOf(one.Client)![1])
        );
    }

    [Fact]
    public void More_than_so_many_questions_at_once_are_turned_away_with_SERVFAIL()
    {
        SimulatedInternet net = SimulatedInternet.Small(new ResolverOptions { MaxInFlight = 50 });
        net["198.41.0.4"].Loses = _ => true;
        for (int i = 0; i < 49; i++)
        {
            Assert.Null(net.AnswerOf(net.Begin(MessageText.Query($"n{i}.test.", RecordType.A))));
        }

        IpEndpoint last = net.Begin(MessageText.Query("last.test.", RecordType.A));
        Assert.Contains("too busy", MessageText.Long(net.AnswerOf(last)), StringComparison.Ordinal);
        Assert.Equal(50, net.Machine.InFlight);
        net.Settle();
        Assert.Equal(0, net.Machine.InFlight);
        Assert.Equal(0, net.OpenPorts);
        Assert.Equal(0, net.Machine.OpenQueries);
    }

    [Fact]
    public void A_failure_is_remembered_for_a_while_and_the_servers_left_in_peace()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query =>
            MessageText.Reply(query, HeaderFlags.None, ResponseCode.ServerFailure);
        net.Ask("here.example.test.");
        long sent = net.Sent;
        Assert.Contains(
            "CachedError",
            MessageText.Long(net.AskRaw(MessageText.Query("here.example.test.", RecordType.A))),
            StringComparison.Ordinal
        );
        Assert.Equal(sent, net.Sent);
        net["10.0.0.2"].Script = null;
        net.Advance(TimeSpan.FromSeconds(5.1));
        Assert.Equal("NoError here.example.test. A 192.0.2.10", net.Ask("here.example.test."));
    }

    [Fact]
    public void A_row_of_fifteen_hundred_zones_that_wait_for_each_other_does_not_take_the_stack_of_each()
    {
        SimulatedInternet net = SimulatedInternet.Small(
            new ResolverOptions { MaxInFlight = 2000, MaxTime = TimeSpan.FromMinutes(5) }
        );
        string delegations = string.Join(
            " ; ",
            Enumerable
                .Range(0, 1500)
                .Select(i => string.Create(CultureInfo.InvariantCulture, $"z{i} NS ns.z{i + 1}"))
        );
        net.Zone(
            "10.0.0.1",
            "test.",
            $"@ NS ns ; ns A 10.0.0.1 ; z1500 NS n ; n A 10.0.0.9 ; {delegations}"
        );
        net["10.0.0.9"].Loses = _ => true;
        // All must be at work before the last one gives up.
        net["10.0.0.1"].Delay = TimeSpan.FromMilliseconds(1);
        int most = 0;
        List<IpEndpoint> clients = [];
        Thread small = new(
            () =>
            {
                // From the far end on, so that each finds the next at work already.
                for (int i = 1500; i >= 0; i--)
                {
                    clients.Add(net.Begin(MessageText.Query($"ns.z{i}.test.", RecordType.A)));
                    net.Run(() => net.Machine.OpenQueries == (net.Machine.InFlight > 0 ? 1 : 0));
                }

                most = net.Machine.InFlight;
                net.Settle();
            },
            256 * 1024
        );
        small.Start();
        small.Join();
        Assert.InRange(most, 1400, 1502);
        Assert.Equal(0, net.Machine.InFlight);
        Assert.All(clients, client => Assert.NotNull(net.AnswerOf(client)));
    }

    [Fact]
    public void So_many_clients_wait_and_no_more()
    {
        SimulatedInternet net = SimulatedInternet.Small(
            new ResolverOptions { MaxClients = 20, MaxClientsPerQuestion = 15 }
        );
        List<IpEndpoint> clients =
        [
            .. Enumerable
                .Range(0, 60)
                .Select(i =>
                    net.Begin(
                        MessageText.Query(
                            i % 2 == 0 ? "here.example.test." : "www.example.test.",
                            RecordType.A
                        )
                    )
                ),
        ];
        net.Settle();
        Assert.Equal(20, clients.Count(client => net.AnswerOf(client) is not null));
        // The room is free again.
        clients =
        [
            .. Enumerable
                .Range(0, 10)
                .Select(_ => net.Begin(MessageText.Query("new.example.test.", RecordType.A))),
        ];
        net.Settle();
        Assert.All(clients, client => Assert.NotNull(net.AnswerOf(client)));
    }

    [Fact]
    public void What_is_remembered_of_servers_is_bounded()
    {
        ServerTable table = new(100);
        ServerRecord first = table.Get(IpAddress.FromV4(1));
        for (uint i = 2; i < 1000; i++)
        {
            table.Get(IpAddress.FromV4(i));
            Assert.Same(first, table.Get(IpAddress.FromV4(1)));
        }

        Assert.Equal(100, table.Count);
    }

    [Fact]
    public void An_answer_with_TTL_zero_is_given_to_those_who_asked_and_not_kept()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        Assert.Contains(
            "short.example.test. 0 IN A 192.0.2.9",
            MessageText.Long(net.AskRaw(MessageText.Query("short.example.test.", RecordType.A))),
            StringComparison.Ordinal
        );
        Assert.False(net.Knows("short.example.test."));
        net.Ask("short.example.test.");
        Assert.Equal(2, net["10.0.0.2"].Asked.Count);
    }

    [Fact]
    public void A_huge_TTL_counts_as_a_day()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        Assert.Contains(
            "huge.example.test. 86400 IN A 192.0.2.8",
            MessageText.Long(net.AskRaw(MessageText.Query("huge.example.test.", RecordType.A))),
            StringComparison.Ordinal
        );
    }
}
