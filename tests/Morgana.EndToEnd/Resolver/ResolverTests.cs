using System.Diagnostics;
using Morgana.EndToEnd.Clients;
using Morgana.EndToEnd.Network;
using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Worlds;

namespace Morgana.EndToEnd.Resolver;

/// <summary>
/// The resolver image against nsd and knotd on the real root servers' addresses, asked with dig and kdig.
/// </summary>
public sealed class ResolverTests(ResolverWorld world) : IClassFixture<ResolverWorld>
{
    [Fact]
    public Task An_address() => AnswersAsync("www.example.com", "A", "203.0.113.80");

    [Fact]
    public Task An_IPv6_address() => AnswersAsync("www.example.com", "AAAA", "2001:db8::80");

    [Fact]
    public Task Several_addresses() =>
        AnswersAsync("several.example.com", "A", "203.0.113.1", "203.0.113.2", "203.0.113.3");

    [Fact]
    public Task Mail_exchangers() =>
        AnswersAsync("example.com", "MX", "10 mail.example.com.", "20 mail.hoster.org.");

    [Fact]
    public Task Texts() =>
        AnswersAsync("example.com", "TXT", "\"two\" \"strings; of one record\"", "\"v=spf1 -all\"");

    [Fact]
    public Task A_service() =>
        AnswersAsync("_dns._udp.example.com", "SRV", "1 2 53 ns1.example.com.");

    [Fact]
    public Task A_certification_authority_authorization() =>
        AnswersAsync("example.com", "CAA", "0 issue \"ca.example.net\"");

    [Fact]
    public Task A_type_that_nobody_knows() =>
        AnswersAsync("unknown.example.com", "TYPE65280", "\\# 4 DEADBEEF");

    [Fact]
    public Task The_servers_of_the_root() =>
        AnswersAsync(
            ".",
            "NS",
            [.. "abcdefghijklm".Select(letter => $"{letter}.root-servers.net.")]
        );

    [Fact]
    public async Task A_name_in_capitals_is_the_same_name()
    {
        DnsAnswer answer = await world.AskAsync("WWW.Example.COM", "A");
        Assert.Equal(["203.0.113.80"], answer.Data("A"));
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_NXDOMAIN_with_the_zones_SOA()
    {
        DnsAnswer answer = await world.AskAsync("nope.example.com", "A");
        Assert.Equal("NXDOMAIN", answer.Status);
        Assert.Empty(answer.Answers);
        Assert.Contains(answer.Authorities, IsExampleStart);
    }

    [Theory]
    [InlineData("www.example.com", "MX")]
    [InlineData("empty.example.com", "A")]
    [InlineData("named.wild.example.com", "A")]
    public async Task A_name_without_the_asked_type_is_NODATA_with_the_zones_SOA(
        string name,
        string type
    )
    {
        DnsAnswer answer = await world.AskAsync(name, type);
        Assert.Equal("NOERROR", answer.Status);
        Assert.Empty(answer.Answers);
        Assert.Contains(answer.Authorities, IsExampleStart);
    }

    [Fact]
    public async Task A_chain_of_aliases_comes_whole_and_in_order()
    {
        DnsAnswer answer = await world.AskAsync("alias.example.com", "A");
        Assert.Equal(
            [
                "alias.example.com. CNAME step.example.com.",
                "step.example.com. CNAME further.example.com.",
                "further.example.com. CNAME www.example.com.",
                "www.example.com. A 203.0.113.80",
            ],
            WithoutTtl(answer)
        );
    }

    [Fact]
    public async Task An_alias_into_a_zone_of_another_server_is_followed()
    {
        DnsAnswer answer = await world.AskAsync("away.example.com", "A");
        Assert.Equal(
            ["away.example.com. CNAME target.hoster.org.", "target.hoster.org. A 203.0.113.81"],
            WithoutTtl(answer)
        );
    }

    [Fact]
    public async Task An_alias_of_a_name_that_does_not_exist_is_NXDOMAIN_with_the_alias()
    {
        DnsAnswer answer = await world.AskAsync("dangling.example.com", "A");
        Assert.Equal("NXDOMAIN", answer.Status);
        Assert.Equal(["nowhere.example.com."], answer.Data("CNAME"));
    }

    [Fact]
    public async Task An_alias_that_is_asked_for_is_not_followed()
    {
        DnsAnswer answer = await world.AskAsync("alias.example.com", "CNAME");
        Assert.Equal(["alias.example.com. CNAME step.example.com."], WithoutTtl(answer));
    }

    [Fact]
    public async Task A_loop_of_aliases_ends()
    {
        DnsAnswer answer = await world.AskAsync("loop1.example.com", "A");
        Assert.Empty(answer.Data("A"));
        Assert.Contains(answer.Status, (string[])["SERVFAIL", "NOERROR"]);
    }

    [Fact]
    public Task A_wildcard() => AnswersAsync("anything.wild.example.com", "A", "203.0.113.99");

    [Fact]
    public Task A_wildcard_matches_more_than_one_label() =>
        AnswersAsync("a.b.c.wild.example.com", "TXT", "\"from the wildcard\"");

    [Fact]
    public Task A_name_beside_a_wildcard_is_its_own() =>
        AnswersAsync("named.wild.example.com", "TXT", "\"not from the wildcard\"");

    [Fact]
    public Task A_delegation_without_glue() =>
        AnswersAsync("www.glueless.com", "A", "203.0.113.82");

    [Fact]
    public Task A_zone_of_which_one_server_is_dead() =>
        AnswersAsync("www.half.com", "A", "203.0.113.90");

    [Fact]
    public async Task A_zone_of_which_all_servers_are_dead_is_SERVFAIL_and_others_still_answer()
    {
        DnsAnswer answer = await world.AskAsync("www.dead.com", "A");
        Assert.Equal("SERVFAIL", answer.Status);
        await AnswersAsync("mail.example.com", "A", "203.0.113.25");
    }

    [Fact]
    public async Task Answers_are_those_of_a_recursive_resolver()
    {
        DnsAnswer answer = await world.AskAsync("www.example.com", "A");
        Assert.Contains("qr", answer.Flags);
        Assert.Contains("rd", answer.Flags);
        Assert.Contains("ra", answer.Flags);
        Assert.DoesNotContain("aa", answer.Flags);
    }

    [Fact]
    public async Task An_answer_of_more_than_512_bytes_is_cut_for_a_client_without_EDNS()
    {
        DnsAnswer whole = await world.AskAsync("big.example.com", "TXT", "+bufsize=1232");
        Assert.Equal(3, whole.Data("TXT").Count);
        Assert.DoesNotContain("tc", whole.Flags);
        DnsAnswer cut = await world.AskAsync("big.example.com", "TXT", "+noedns", "+ignore");
        Assert.Contains("tc", cut.Flags);
    }

    [Fact]
    public async Task Another_client_gets_the_same_answer()
    {
        await world.AskAsync("several.example.com", "A");
        DnsAnswer answer = await DnsClientProgram.KdigAsync(
            world.World.Space,
            RootWorld.ImageAddress,
            "several.example.com",
            "A"
        );
        Assert.Equal(["203.0.113.1", "203.0.113.2", "203.0.113.3"], answer.Data("A"));
    }

    [Theory]
    [InlineData("below.empty.example.com", "A")]
    [InlineData("absent.example.com", "A")]
    [InlineData("below.empty.example.com", "MX")]
    public async Task What_is_asked_again_is_answered_from_the_cache(string name, string type)
    {
        DnsAnswer first = await world.AskAsync(name, type);
        await using PacketCapture capture = await PacketCapture.StartAsync(
            world.World.Space,
            RootWorld.Tap,
            $"udp dst port 53 and src host {RootWorld.ImageAddress}"
        );
        DnsAnswer second = await world.AskAsync(name, type);
        Assert.Equal(first.Status, second.Status);
        Assert.Equal(WithoutTtl(first), WithoutTtl(second));

        // What the image sends upstream for this zone. The marker is a name that is new to it, so it must ask.
        IReadOnlyList<string> upstream = await capture.SeenAsync(
            "example.com",
            marker => world.AskAsync($"{marker}.example.com", "A")
        );
        Assert.Empty(upstream);
        if (first.Answers.Count > 0)
        {
            Assert.InRange(second.Ttl, 1, first.Ttl);
        }
    }

    [Fact]
    public async Task A_record_whose_time_is_over_is_asked_for_again()
    {
        Assert.Equal(2, (await world.AskAsync("short.example.com", "A")).Ttl);
        await using PacketCapture capture = await PacketCapture.StartAsync(
            world.World.Space,
            RootWorld.Tap,
            $"udp dst port 53 and src host {RootWorld.ImageAddress}"
        );

        // No sleep: the event is the query that goes upstream; until the time is over, asks are answered from the cache.
        long start = Stopwatch.GetTimestamp();
        do
        {
            DnsAnswer answer = await world.AskAsync("short.example.com", "A");
            Assert.Equal(["203.0.113.71"], answer.Data("A"));
            Assert.InRange(answer.Ttl, 0, 2);
            Assert.True(
                Stopwatch.GetElapsedTime(start) < RunningProcess.Patience,
                "It was never asked for again."
            );
        } while (capture.Count("short.example.com") == 0);
    }

    private static bool IsExampleStart(string record) =>
        record.StartsWith("example.com. ", StringComparison.Ordinal)
        && record.Contains(" IN SOA ", StringComparison.Ordinal);

    private static IReadOnlyList<string> WithoutTtl(DnsAnswer answer) =>
        [
            .. answer.Answers.Select(record =>
            {
                string[] fields = record.Split(' ', 5);
                return $"{fields[0]} {fields[3]} {fields[4]}";
            }),
        ];

    private async Task AnswersAsync(string name, string type, params string[] data)
    {
        DnsAnswer answer = await world.AskAsync(name, type);
        Assert.Equal("NOERROR", answer.Status);
        Assert.Equal([.. data.Order(StringComparer.Ordinal)], answer.Data(type));
        Assert.All(
            answer.Answers,
            record =>
                Assert.StartsWith(
                    name.TrimEnd('.') + ".",
                    record,
                    StringComparison.OrdinalIgnoreCase
                )
        );
        Assert.InRange(answer.Ttl, 0, 3600);
    }
}
