using Morgana.Net;

namespace Morgana.Dns.Tests;

/// <summary>Servers that are slow, broken, misconfigured or gone.</summary>
public class BadServersTests
{
    private const string Good = "NoError here.example.test. A 192.0.2.10";

    /// <summary>example.test. on three servers.</summary>
    private static SimulatedInternet Three(int seed = 1)
    {
        SimulatedInternet net = SimulatedInternet.Small(seed: seed);
        net.Zone(
            "10.0.0.1",
            "test.",
            "@ NS ns ; ns A 10.0.0.1 ; example NS ns1.example ; example NS ns2.example ; example NS ns3.example ; ns1.example A 10.0.0.2 ; ns2.example A 10.0.0.3 ; ns3.example A 10.0.0.4"
        );
        return net.Zone(
            "10.0.0.2 10.0.0.3 10.0.0.4",
            "example.test.",
            "@ NS ns1 ; @ NS ns2 ; @ NS ns3 ; ns1 A 10.0.0.2 ; ns2 A 10.0.0.3 ; ns3 A 10.0.0.4 ; here A 192.0.2.10 ; *.w A 192.0.2.7"
        );
    }

    [Fact]
    public void A_lost_question_is_asked_again_with_another_id_after_a_growing_wait()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Loses = n => n < 2;
        long start = net.Now.Nanoseconds;
        Assert.Equal(Good, net.Ask("here.example.test."));
        List<byte[]> queries = net["10.0.0.2"].Queries;
        Assert.Equal(3, queries.Count);
        Assert.Equal(3, queries.Select(q => q[0] << 8 | q[1]).Distinct().Count());
        Assert.InRange((net.Now.Nanoseconds - start) / 1_000_000, 1200, 1400);
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.5)]
    public void Names_are_found_though_many_datagrams_get_lost(double loss)
    {
        SimulatedInternet net = Three();
        Gambler gambler = new(7);
        foreach (
            string address in (string[])
                ["198.41.0.4", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]
        )
        {
            net[address].Loses = _ => gambler.Next() < loss;
        }

        int good = 0;
        for (int i = 0; i < 100; i++)
        {
            good +=
                net.Ask($"n{i}.w.example.test.") == $"NoError n{i}.w.example.test. A 192.0.2.7"
                    ? 1
                    : 0;
            net.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(good, loss < 0.4 ? 97 : 80, 100);
    }

    [Fact]
    public void Answers_out_of_order_find_their_questions()
    {
        SimulatedInternet net = Three();
        net.Ask("here.example.test.");
        Gambler gambler = new(3);
        List<(IpEndpoint Client, string Name)> asked = [];
        for (int i = 0; i < 50; i++)
        {
            foreach (string address in (string[])["10.0.0.2", "10.0.0.3", "10.0.0.4"])
            {
                net[address].Delay = TimeSpan.FromMilliseconds(1 + 90 * gambler.Next());
            }

            string name = $"n{i}.w.example.test.";
            asked.Add((net.Begin(MessageText.Query(name, RecordType.A)), name));
        }

        net.Settle();
        Assert.All(
            asked,
            one =>
                Assert.Equal(
                    $"NoError {one.Name} A 192.0.2.7",
                    MessageText.Short(net.AnswerOf(one.Client))
                )
        );
    }

    [Fact]
    public void A_dead_server_is_soon_left_alone_and_found_again_when_it_is_back()
    {
        SimulatedInternet net = Three();
        bool dead = true;
        net["10.0.0.3"].Loses = _ => dead;
        for (int i = 0; i < 100; i++)
        {
            Assert.EndsWith(
                "192.0.2.7",
                net.Ask($"n{i}.w.example.test."),
                StringComparison.Ordinal
            );
        }

        int whileDead = net["10.0.0.3"].Asked.Count;
        Assert.InRange(whileDead, 1, 12);
        dead = false;
        net.Advance(TimeSpan.FromMinutes(11));
        for (int i = 0; i < 200; i++)
        {
            net.Ask($"m{i}.w.example.test.");
        }

        Assert.InRange(net["10.0.0.3"].Asked.Count, whileDead + 10, 1000);
    }

    [Fact]
    public void The_fast_server_gets_most_questions_and_the_slow_ones_a_few()
    {
        SimulatedInternet net = Three();
        net["10.0.0.2"].Delay = TimeSpan.FromMilliseconds(10);
        net["10.0.0.3"].Delay = TimeSpan.FromMilliseconds(90);
        net["10.0.0.4"].Delay = TimeSpan.FromMilliseconds(250);
        for (int i = 0; i < 400; i++)
        {
            net.Ask($"n{i}.w.example.test.");
        }

        Assert.InRange(net["10.0.0.2"].Asked.Count, 350, 420);
        Assert.InRange(net["10.0.0.3"].Asked.Count, 1, 40);
        Assert.InRange(net["10.0.0.4"].Asked.Count, 1, 40);
    }

    [Theory]
    [InlineData("REFUSED")]
    [InlineData("SERVFAIL")]
    [InlineData("referral upwards")]
    [InlineData("referral to itself")]
    [InlineData("recursive")]
    [InlineData("nothing at all")]
    [InlineData("garbage")]
    [InlineData("records that end in the middle")]
    [InlineData("unreachable")]
    [InlineData("sends fail")]
    public void Other_servers_are_asked_when_one(string fault)
    {
        for (int seed = 0; seed < 12; seed++)
        {
            SimulatedInternet net = Three(seed);
            net["10.0.0.3"].Script = query => Spoil(fault, query);
            if (fault == "sends fail")
            {
                net.CanSend = server => server.Address != IpAddress.FromV4(10, 0, 0, 3);
            }

            Assert.Equal(Good, net.Ask("here.example.test."));
        }
    }

    private static byte[] Spoil(string fault, byte[] query) =>
        fault switch
        {
            "REFUSED" => MessageText.Reply(query, HeaderFlags.None, ResponseCode.Refused),
            "SERVFAIL" => MessageText.Reply(query, HeaderFlags.None, ResponseCode.ServerFailure),
            "referral upwards" => MessageText.Reply(
                query,
                HeaderFlags.None,
                authority: ". NS a.root.test."
            ),
            "referral to itself" => MessageText.Reply(
                query,
                HeaderFlags.None,
                authority: "example.test. NS ns1.example.test."
            ),
            "recursive" => MessageText.Reply(
                query,
                HeaderFlags.RecursionAvailable,
                answer: "here.example.test. A 10.6.6.6"
            ),
            "nothing at all" => MessageText.Reply(query, HeaderFlags.None),
            "garbage" => [.. MessageText.Reply(query), 1, 2, 3],
            "records that end in the middle" => MessageText.Reply(
                query,
                answer: "here.example.test. A 10.6.6.6"
            )[..^2],
            _ => [],
        };

    [Fact]
    public void All_servers_lame_is_SERVFAIL_with_the_reason_and_after_a_minute_they_are_tried_again()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        bool lame = true;
        net["10.0.0.2"].Script = query =>
            lame ? MessageText.Reply(query, HeaderFlags.None, ResponseCode.Refused) : null;
        Assert.Contains(
            "EDNS ServerFailure 1232 NoReachableAuthority \"at zone example.test.\"",
            MessageText.Long(net.AskRaw(MessageText.Query("here.example.test.", RecordType.A))),
            StringComparison.Ordinal
        );
        lame = false;
        net.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(Good, net.Ask("here.example.test."));
    }

    [Fact]
    public void Nobody_answering_is_SERVFAIL_within_the_time_limit()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Loses = _ => true;
        long start = net.Now.Nanoseconds;
        Assert.Equal("ServerFailure", net.Ask("here.example.test."));
        Assert.InRange((net.Now.Nanoseconds - start) / 1e9, 1, 10.1);
        Assert.Equal(0, net.OpenPorts);
    }

    [Theory]
    [InlineData(ResponseCode.FormatError, true)]
    [InlineData(ResponseCode.FormatError, false)]
    [InlineData(ResponseCode.NotImplemented, true)]
    [InlineData(ResponseCode.BadVersion, true)]
    public void A_server_that_does_not_know_EDNS_is_asked_without_and_that_is_remembered(
        ResponseCode code,
        bool withQuestion
    )
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query =>
        {
            if (!MessageText.Long(query).Contains("EDNS", StringComparison.Ordinal))
            {
                return null;
            }

            byte[] reply = MessageText.Reply(
                query,
                HeaderFlags.None,
                code,
                edns: code == ResponseCode.BadVersion
            );
            return withQuestion ? reply : [.. reply[..4], 0, 0, 0, 0, 0, 0, 0, 0];
        };
        Assert.Equal(Good, net.Ask("here.example.test."));
        Assert.Equal(2, net["10.0.0.2"].Queries.Count);
        net.Ask("www.example.test.");
        Assert.Equal(3, net["10.0.0.2"].Queries.Count);
    }

    [Fact]
    public void A_server_that_does_not_repeat_the_case_is_asked_in_plain_case_and_that_is_remembered()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Change = (query, answer) =>
        {
            int length = MessageText.QuestionOf(query).Name.Length;
            NameBytes.ToLower(answer.AsSpan(12, length));
            return answer;
        };
        Assert.Equal(Good, net.Ask("HERE.example.test."), ignoreCase: true);
        int before = net["10.0.0.2"].Queries.Count;
        Assert.InRange(before, 2, 3);
        net.Ask("www.example.test.");
        Assert.Equal(before + 1, net["10.0.0.2"].Queries.Count);
    }

    [Fact]
    public void A_truncated_answer_is_asked_for_in_a_larger_size()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query =>
            MessageText.Long(query).Contains("EDNS NoError 1232", StringComparison.Ordinal)
                ? MessageText.Reply(
                    query,
                    HeaderFlags.Authoritative | HeaderFlags.Truncated,
                    answer: "here.example.test. A 10.6.6.6"
                )
                : null;
        Assert.Equal(Good, net.Ask("here.example.test."));
        Assert.Contains(
            "EDNS NoError 4096",
            MessageText.Long(net["10.0.0.2"].Queries[^1]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_answer_that_fits_in_no_datagram_is_SERVFAIL_that_says_so()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query =>
            MessageText.Reply(query, HeaderFlags.Authoritative | HeaderFlags.Truncated);
        Assert.Contains(
            "too long for UDP",
            MessageText.Long(net.AskRaw(MessageText.Query("here.example.test.", RecordType.A))),
            StringComparison.Ordinal
        );
        Assert.InRange(net["10.0.0.2"].Queries.Count, 2, 4);
    }

    [Fact]
    public void A_truncated_answer_of_one_server_is_had_whole_from_another()
    {
        SimulatedInternet net = Three();
        net["10.0.0.2"].Script = net["10.0.0.3"].Script = query =>
            MessageText.Reply(query, HeaderFlags.Authoritative | HeaderFlags.Truncated);
        Assert.Equal(Good, net.Ask("here.example.test."));
    }

    [Fact]
    public void A_server_that_denies_a_name_with_only_names_below_it_gets_the_whole_question()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query =>
            MessageText.QuestionOf(query).Name == DnsName.Parse("ent.example.test.")
                ? MessageText.Reply(
                    query,
                    code: ResponseCode.NameError,
                    authority: "example.test. SOA a.b. c.d. 1 1 1 1 300"
                )
                : null;
        Assert.Equal(
            "NoError b.ent.example.test. TXT \"below\"",
            net.Ask("b.ent.example.test.", RecordType.Txt)
        );
        Assert.Equal(
            "NoError b.ent.example.test. TXT \"below\"",
            net.Ask("b.ent.example.test.", RecordType.Txt)
        );
    }

    [Fact]
    public void A_denied_part_of_a_name_is_believed_when_the_whole_is_denied_too()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        Assert.Equal("NameError", net.Ask("a.b.none.example.test."));
        net.Log.Clear();
        Assert.Equal("NameError", net.Ask("other.none.example.test."));
        Assert.Empty(net.Log);
    }

    [Theory]
    [InlineData(ResponseCode.Refused)]
    [InlineData(ResponseCode.ServerFailure)]
    public void A_server_that_only_answers_whole_questions_gets_them(ResponseCode code)
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query =>
            MessageText.QuestionOf(query).Type == RecordType.A
                ? MessageText.Reply(query, HeaderFlags.None, code)
                : null;
        Assert.Equal(
            "NoError b.ent.example.test. TXT \"below\"",
            net.Ask("b.ent.example.test.", RecordType.Txt)
        );
    }

    [Fact]
    public void A_zone_that_moved_to_other_servers_is_found_through_its_parent_before_the_old_delegation_runs_out()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        Assert.Equal(Good, net.Ask("here.example.test."));
        net["10.0.0.2"].Script = query =>
            MessageText.Reply(query, HeaderFlags.None, ResponseCode.Refused);
        net.Zone(
            "10.0.0.1",
            "test.",
            "@ NS ns ; ns A 10.0.0.1 ; example NS ns.example ; ns.example A 10.0.0.8"
        );
        net.Zone("10.0.0.8", "example.test.", "@ NS ns ; ns A 10.0.0.8 ; new A 192.0.2.88");
        Assert.Equal("NoError new.example.test. A 192.0.2.88", net.Ask("new.example.test."));
    }

    [Fact]
    public void An_answer_without_authority_is_taken_but_a_recursive_one_is_not()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Change = (_, answer) =>
        {
            answer[2] &= 0xfb;
            return answer;
        };
        Assert.Equal(Good, net.Ask("here.example.test."));
        net["10.0.0.2"].Change = (_, answer) =>
        {
            answer[2] &= 0xfb;
            answer[3] |= 0x80;
            return answer;
        };
        Assert.Equal("ServerFailure", net.Ask("www.example.test."));
    }

    [Fact]
    public void An_NXDOMAIN_without_SOA_is_passed_on_and_not_kept()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query => MessageText.Reply(query, code: ResponseCode.NameError);
        Assert.Equal("NameError", net.Ask("none.example.test."));
        Assert.False(net.Knows("none.example.test."));
    }

    [Fact]
    public void The_sets_of_an_answer_with_two_aliases_for_one_name_are_not_believed()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Script = query =>
            MessageText.Reply(
                query,
                answer: "here.example.test. CNAME a.example.test. ; here.example.test. CNAME b.example.test."
            );
        Assert.Equal("ServerFailure", net.Ask("here.example.test."));
    }

    [Fact]
    public void A_report_that_a_server_is_unreachable_leads_to_the_next_one_at_once()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Loses = n => n == 0;
        net.Begin(MessageText.Query("here.example.test.", RecordType.A));
        net.Run(() => net["10.0.0.2"].Queries.Count == 1);
        net.ReportLoss();
        Assert.Equal(2, net["10.0.0.2"].Queries.Count);
        net.Settle();
        Assert.Equal(Good, net.Ask("here.example.test."));
    }

    private sealed class Gambler(int seed)
    {
        private readonly RandomNumbers _numbers = new(new SeededRandom(seed));

        public double Next() => _numbers.NextUInt32() / 4294967296.0;
    }
}
