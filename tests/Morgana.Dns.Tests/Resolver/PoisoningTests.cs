using Morgana.Net;

namespace Morgana.Dns.Tests;

/// <summary>Attempts to make the resolver believe what it should not.</summary>
public class PoisoningTests
{
    private static readonly IpAddress Evil = IpAddress.FromV4(10, 6, 6, 6);
    private static readonly IpEndpoint Authority = new(IpAddress.FromV4(10, 0, 0, 2), 53);

    private static SimulatedInternet NetWithEvilZone(Func<byte[], byte[]?> script)
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.1",
            "test.",
            "@ NS ns ; ns A 10.0.0.1 ; example NS ns.example ; ns.example A 10.0.0.2 ; evil NS ns.evil ; ns.evil A 10.6.6.6"
        );
        net["10.6.6.6"].Script = script;
        return net;
    }

    [Fact]
    public void Records_out_of_the_servers_zone_are_not_believed_in_any_section()
    {
        SimulatedInternet net = NetWithEvilZone(query =>
            MessageText.Reply(
                query,
                answer: "www.evil.test. A 192.0.2.66 ; www.example.test. A 10.6.6.6",
                authority: "example.test. NS ns.evil.test. ; test. NS ns.evil.test. ; . NS ns.evil.test.",
                additional: "here.example.test. A 10.6.6.6 ; ns.test. A 10.6.6.6 ; ns.example.test. A 10.6.6.6 ; a.root.test. A 10.6.6.6"
            )
        );
        Assert.Equal("NoError www.evil.test. A 192.0.2.66", net.Ask("www.evil.test."));
        Assert.False(net.Knows("www.example.test."));
        Assert.False(net.Knows("here.example.test."));
        Assert.Equal(
            "NoError www.example.test. A 192.0.2.80 | www.example.test. A 192.0.2.81",
            net.Ask("www.example.test.")
        );
        Assert.Equal("NoError here.example.test. A 192.0.2.10", net.Ask("here.example.test."));
        Assert.Equal(
            "NoError example.test. NS ns.example.test.",
            net.Ask("example.test.", RecordType.Ns)
        );
    }

    [Fact]
    public void An_alias_out_of_the_zone_is_followed_but_the_records_that_came_along_are_not_believed()
    {
        SimulatedInternet net = NetWithEvilZone(query =>
            MessageText.Reply(
                query,
                answer: "www.evil.test. CNAME here.example.test. ; here.example.test. A 10.6.6.6"
            )
        );
        Assert.Equal(
            "NoError www.evil.test. CNAME here.example.test. | here.example.test. A 192.0.2.10",
            net.Ask("www.evil.test.")
        );
    }

    [Fact]
    public void An_alias_out_of_the_zone_with_NXDOMAIN_does_not_deny_the_target()
    {
        SimulatedInternet net = NetWithEvilZone(query =>
            MessageText.Reply(
                query,
                code: ResponseCode.NameError,
                answer: "www.evil.test. CNAME here.example.test.",
                authority: "example.test. SOA a.b. c.d. 1 1 1 1 3600"
            )
        );
        Assert.StartsWith("NoError", net.Ask("www.evil.test."), StringComparison.Ordinal);
        Assert.Equal("NoError here.example.test. A 192.0.2.10", net.Ask("here.example.test."));
    }

    [Fact]
    public void A_denial_with_the_SOA_of_another_zone_is_not_kept()
    {
        SimulatedInternet net = NetWithEvilZone(query =>
            MessageText.Reply(
                query,
                code: ResponseCode.NameError,
                authority: "test. SOA a.b. c.d. 1 1 1 1 3600"
            )
        );
        Assert.Equal("NameError", net.Ask("www.evil.test."));
        Assert.False(net.Knows("www.evil.test."));
        Assert.Equal("NoError here.example.test. A 192.0.2.10", net.Ask("here.example.test."));
    }

    [Theory]
    [InlineData("test. NS ns.evil.test.")]
    [InlineData("evil.test. NS ns.evil.test.")]
    [InlineData("example.test. NS ns.evil.test.")]
    [InlineData("other.evil.test. NS ns.evil.test.")]
    [InlineData(". NS ns.evil.test.")]
    public void A_referral_that_does_not_lead_down_to_the_name_is_lame(string authority)
    {
        SimulatedInternet net = NetWithEvilZone(query =>
            MessageText.Reply(
                query,
                flags: HeaderFlags.None,
                authority: authority,
                additional: "ns.evil.test. A 10.6.6.6"
            )
        );
        Assert.Equal("ServerFailure", net.Ask("www.evil.test."));
        Assert.Equal("NoError here.example.test. A 192.0.2.10", net.Ask("here.example.test."));
        Assert.InRange(net["10.6.6.6"].Asked.Count, 1, 8);
    }

    [Fact]
    public void Glue_for_a_server_of_another_zone_is_not_used_for_that_zone()
    {
        SimulatedInternet net = NetWithEvilZone(query =>
            MessageText.QuestionOf(query).Name.LabelCount < 3
                ? null
                : MessageText.Reply(
                    query,
                    flags: HeaderFlags.None,
                    authority: "sub.evil.test. NS ns.example.test.",
                    additional: "ns.example.test. A 10.6.6.7"
                )
        );
        net["10.6.6.7"].Script = query =>
            MessageText.Reply(query, answer: "www.sub.evil.test. A 10.6.6.6");
        net.Ask("www.sub.evil.test.");
        // The evil server may not say where ns.example.test is, neither for its own zone nor for others.
        Assert.Empty(net["10.6.6.7"].Asked);
        Assert.Equal("NoError ns.example.test. A 10.0.0.2", net.Ask("ns.example.test."));
        Assert.Equal("NoError here.example.test. A 192.0.2.10", net.Ask("here.example.test."));
        Assert.Empty(net["10.6.6.7"].Asked);
    }

    [Fact]
    public void Glue_is_never_given_as_an_answer()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.2",
            "example.test.",
            "@ NS ns ; ns A 10.0.0.2 ; ns A 10.0.0.3 ; www A 192.0.2.1"
        );
        net.Ask("www.example.test.");
        Assert.False(net.Knows("ns.example.test."));
        Assert.Equal(
            "NoError ns.example.test. A 10.0.0.2 | ns.example.test. A 10.0.0.3",
            net.Ask("ns.example.test.")
        );
    }

    [Theory]
    [InlineData("id")]
    [InlineData("address")]
    [InlineData("port")]
    [InlineData("name")]
    [InlineData("type")]
    [InlineData("question missing")]
    [InlineData("query")]
    [InlineData("garbage")]
    public void Answers_that_do_not_match_in_every_respect_are_passed_over(string what)
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Forger = query =>
        {
            byte[] forged = MessageText.Reply(query, answer: "here.example.test. A 10.6.6.6");
            IpEndpoint from = Authority;
            switch (what)
            {
                case "id":
                    forged[0] ^= 1;
                    break;
                case "address":
                    from = new IpEndpoint(Evil, 53);
                    break;
                case "port":
                    from = new IpEndpoint(Authority.Address, 54);
                    break;
                case "name":
                    forged[13] = (byte)'x';
                    break;
                case "type":
                    forged[12 + MessageText.QuestionOf(query).Name.Length + 1] = 28;
                    break;
                case "question missing":
                    forged = [.. query[..2], 0x84, 0, 0, 0, 0, 0, 0, 0, 0, 0];
                    break;
                case "query":
                    forged[2] &= 0x7f;
                    break;
                default:
                    forged = [1, 2, 3];
                    break;
            }

            return [(TimeSpan.FromMilliseconds(5), from, forged)];
        };
        Assert.Equal("NoError here.example.test. A 192.0.2.10", net.Ask("here.example.test."));
        Assert.True(net.Machine.Strays > 0);
    }

    [Fact]
    public void A_forger_who_guesses_id_and_port_but_not_the_case_of_the_letters_must_guess_again()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        int forgeries = 0;
        net["10.0.0.2"].Forger = query =>
        {
            byte[] forged = MessageText.Reply(query, answer: "here.example.test. A 10.6.6.6");
            forged[13] ^= 0x20;
            return forgeries++ == 0 ? [(TimeSpan.FromMilliseconds(5), Authority, forged)] : [];
        };
        Assert.Equal("NoError here.example.test. A 192.0.2.10", net.Ask("here.example.test."));
        Assert.Equal(2, net["10.0.0.2"].Queries.Count);
        Assert.False(
            net["10.0.0.2"]
                .Queries[0]
                .AsSpan(0, 2)
                .SequenceEqual(net["10.0.0.2"].Queries[1].AsSpan(0, 2))
        );
    }

    [Fact]
    public void A_port_on_which_somebody_guesses_is_given_up_for_a_fresh_one()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Forger = query =>
            Enumerable
                .Range(1, 40)
                .Select(n =>
                {
                    byte[] forged = MessageText.Reply(
                        query,
                        answer: "here.example.test. A 10.6.6.6"
                    );
                    forged[1] ^= (byte)n;
                    return (TimeSpan.FromMilliseconds(1), Authority, forged);
                })
                .Take(net["10.0.0.2"].Queries.Count == 1 ? 40 : 0);
        Assert.Equal("NoError here.example.test. A 192.0.2.10", net.Ask("here.example.test."));
        Assert.Equal(2, net["10.0.0.2"].Queries.Count);
    }

    [Fact]
    public void A_late_answer_to_a_closed_port_is_passed_over()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net["10.0.0.2"].Forger = query =>
            [
                (
                    TimeSpan.FromMilliseconds(50),
                    Authority,
                    MessageText.Reply(query, answer: "here.example.test. A 10.6.6.6")
                ),
            ];
        net.Ask("here.example.test.");
        net.Settle();
        Assert.Equal("NoError here.example.test. A 192.0.2.10", net.Ask("here.example.test."));
        Assert.Equal(0, net.OpenPorts);
    }

    [Fact]
    public void Equal_questions_at_the_same_time_leave_from_one_port_only()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        for (int i = 0; i < 100; i++)
        {
            net.Begin(MessageText.Query($"r{i}.example.test.", RecordType.A));
        }

        // The question for the zone is the same for all of them.
        net.Advance(TimeSpan.FromMilliseconds(35));
        Assert.Equal(
            ["198.41.0.4 . NS", "198.41.0.4 test. A", "10.0.0.1 example.test. A"],
            net.Log
        );
        net.Settle();
        Assert.Equal(103, net.Log.Count);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("240.0.0.1")]
    public void Addresses_that_belong_to_nobody_or_everybody_are_not_asked(string address)
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.1",
            "test.",
            $"@ NS ns ; ns A 10.0.0.1 ; bad NS ns.bad ; ns.bad A {address} ; worse NS addr.bad2 ; bad2 NS ns.bad2 ; ns.bad2 A 10.0.0.7"
        );
        net.Zone("10.0.0.7", "bad2.test.", $"@ NS ns ; ns A 10.0.0.7 ; addr A {address}");
        Assert.Equal("ServerFailure", net.Ask("www.bad.test."));
        Assert.Equal("ServerFailure", net.Ask("www.worse.test."));
        Assert.DoesNotContain(net.Log, line => line.StartsWith(address, StringComparison.Ordinal));
    }

    [Fact]
    public void A_delegation_is_not_prolonged_by_the_zone_itself()
    {
        // A zone that was taken away must vanish when the parent's word runs out ("ghost domains").
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.1",
            "test.",
            "@ NS ns ; ns A 10.0.0.1 ; example 100 NS ns.example ; ns.example 100 A 10.0.0.2"
        );
        net.Ask("www.example.test.");
        net.Zone("10.0.0.1", "test.", "@ NS ns ; ns A 10.0.0.1");
        net.Advance(TimeSpan.FromSeconds(90));
        net.Ask("example.test.", RecordType.Ns);
        net.Ask("ns.example.test.");
        net.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal("NameError", net.Ask("new.example.test."));
    }
}
