using System.Globalization;
using Morgana.Net;

namespace Morgana.Dns.Tests;

/// <summary>How answers to clients look.</summary>
public class ClientTests
{
    private readonly SimulatedInternet _net = SimulatedInternet.Small(
        new ResolverOptions { RotateRecords = false }
    );

    private string Long(
        string name,
        RecordType type = RecordType.A,
        HeaderFlags flags = HeaderFlags.RecursionDesired,
        int payload = 1232,
        RecordClass recordClass = RecordClass.Internet,
        byte version = 0
    ) =>
        MessageText.Long(
            _net.AskRaw(
                MessageText.Query(name, type, flags, payload, 7, recordClass, version, true)
            )
        );

    [Fact]
    public void Fresh_and_cached_answers_are_the_same_and_minimal()
    {
        const string Expected =
            "NoError RecursionAvailable, RecursionDesired, Response\n"
            + "Q WWW.eXample.test. IN A\n"
            + "An WWW.eXample.test. 3600 IN A 192.0.2.80\n"
            + "An WWW.eXample.test. 3600 IN A 192.0.2.81\n"
            + "EDNS NoError 1232";
        Assert.Equal(Expected, Long("WWW.eXample.test."));
        Assert.Equal(Expected, Long("WWW.eXample.test."));
    }

    [Fact]
    public void TTLs_count_down()
    {
        Long("www.example.test.");
        // It takes 20 ms, and whole seconds are what is told: 3499.98 are 3499.
        Long("none.example.test.");
        _net.Advance(TimeSpan.FromSeconds(100));
        Assert.Contains(
            "www.example.test. 3499 IN A",
            Long("www.example.test."),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "example.test. 200 IN SOA",
            Long("none.example.test."),
            StringComparison.Ordinal
        );
        _net.Advance(TimeSpan.FromSeconds(3500));
        Assert.False(_net.Knows("www.example.test."));
    }

    [Theory]
    [InlineData("none.example.test.", "NameError")]
    [InlineData("ent.example.test.", "NoError")]
    public void A_denial_carries_the_SOA_whose_TTL_is_that_of_the_denial(string name, string code)
    {
        string expected =
            $"{code} RecursionAvailable, RecursionDesired, Response\nQ {name} IN A\nAu example.test. 300 IN SOA ns.invalid. mail.invalid. 1 3600 600 86400 300\nEDNS NoError 1232".Replace(
                "EDNS NoError",
                $"EDNS {code}",
                StringComparison.Ordinal
            );
        Assert.Equal(expected, Long(name));
        Assert.Equal(expected, Long(name));
    }

    [Fact]
    public void AD_is_never_set_and_CD_comes_back()
    {
        Assert.StartsWith(
            "NoError CheckingDisabled, RecursionAvailable, RecursionDesired, Response\n",
            Long(
                "here.example.test.",
                flags: HeaderFlags.RecursionDesired
                    | HeaderFlags.AuthenticData
                    | HeaderFlags.CheckingDisabled
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Without_RD_the_cache_answers_or_nobody()
    {
        Assert.Equal(
            "Refused RecursionAvailable, Response\nQ alias.example.test. IN A\nEDNS Refused 1232 NotAuthoritative \"\"",
            Long("alias.example.test.", flags: HeaderFlags.None)
        );
        Assert.Empty(_net.Log);
        _net.Ask("alias.example.test.", RecordType.Cname);
        Assert.Equal(
            "NoError RecursionAvailable, Response\nQ alias.example.test. IN A\nAn alias.example.test. 3600 IN CNAME www.example.test.\nEDNS NoError 1232",
            Long("alias.example.test.", flags: HeaderFlags.None)
        );
        _net.Ask("www.example.test.");
        Assert.Contains(
            "192.0.2.80",
            Long("alias.example.test.", flags: HeaderFlags.None),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_client_without_EDNS_gets_no_OPT_and_no_reason()
    {
        _net["10.0.0.2"].Script = _ => [];
        Assert.Equal(
            "ServerFailure RecursionAvailable, RecursionDesired, Response\nQ www.example.test. IN A",
            Long("www.example.test.", payload: 0)
        );
    }

    [Fact]
    public void An_unknown_version_of_EDNS_is_refused_with_BADVERS() =>
        Assert.Equal(
            "NoError RecursionAvailable, RecursionDesired, Response\nQ www.example.test. IN A\nEDNS BadVersion 1232",
            Long("www.example.test.", version: 1)
        );

    [Theory]
    [InlineData(0, 512)]
    [InlineData(100, 512)]
    [InlineData(512, 512)]
    [InlineData(900, 900)]
    [InlineData(1232, 1232)]
    [InlineData(4096, 1232)]
    [InlineData(65535, 1232)]
    public void Answers_keep_to_the_clients_size_and_to_1232_bytes(int payload, int limit)
    {
        string many = string.Join(
            " ; ",
            Enumerable
                .Range(0, 74)
                .Select(i => string.Create(CultureInfo.InvariantCulture, $"many A 10.1.1.{i}"))
        );
        _net.Zone("10.0.0.2", "example.test.", $"@ NS ns ; ns A 10.0.0.2 ; {many}");
        for (int i = 0; i < 2; i++)
        {
            byte[] answer = _net.AskRaw(
                MessageText.Query("many.example.test.", RecordType.A, payload: payload)
            );
            Assert.InRange(answer.Length, 12, limit);
            bool truncated = (answer[2] & 2) != 0;
            Assert.Equal(limit < 1232, truncated);
            // A set is given whole or not at all (RFC 2181 section 9).
            Assert.Equal(truncated ? 0 : 74, answer[7]);
        }
    }

    [Fact]
    public void ANY_is_answered_with_one_record_that_says_why_there_are_no_more()
    {
        Assert.Contains(
            "An www.example.test. 3600 IN HINFO \"RFC8482\" \"\"",
            Long("www.example.test.", RecordType.Any),
            StringComparison.Ordinal
        );
        Assert.Empty(_net.Log);
    }

    [Theory]
    [InlineData(RecordType.Axfr, "Refused")]
    [InlineData(RecordType.Ixfr, "Refused")]
    [InlineData(RecordType.Maila, "NotImplemented")]
    [InlineData(RecordType.Opt, "FormatError")]
    [InlineData((RecordType)250, "FormatError")]
    [InlineData(RecordType.None, "FormatError")]
    public void Types_that_are_no_questions_for_a_resolver(RecordType type, string code)
    {
        Assert.StartsWith(code, Long("www.example.test.", type), StringComparison.Ordinal);
        Assert.Empty(_net.Log);
    }

    [Fact]
    public void Class_CH_says_the_version_only_where_that_is_configured()
    {
        Assert.StartsWith(
            "Refused",
            Long("version.bind.", RecordType.Txt, recordClass: RecordClass.Chaos),
            StringComparison.Ordinal
        );
        SimulatedInternet open = new(new ResolverOptions { Version = "Morgana 0.1" });
        Assert.Contains(
            "VERSION.bind. 0 CH TXT \"Morgana 0.1\"",
            MessageText.Long(
                open.AskRaw(
                    MessageText.Query(
                        "VERSION.bind.",
                        RecordType.Txt,
                        recordClass: RecordClass.Chaos
                    )
                )
            ),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "Refused",
            MessageText.Long(
                open.AskRaw(
                    MessageText.Query("else.bind.", RecordType.Txt, recordClass: RecordClass.Chaos)
                )
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_is_no_question_is_FORMERR_or_NOTIMP_and_an_answer_is_not_answered()
    {
        byte[] query = MessageText.Query("www.example.test.", RecordType.A);
        Assert.Equal(ResponseCode.NotImplemented, CodeOf([.. query[..2], 0x28, .. query[3..]]));
        Assert.Equal(ResponseCode.FormatError, CodeOf([.. query[..5], 0, .. query[6..]]));
        Assert.Equal(ResponseCode.FormatError, CodeOf([.. query[..5], 2, .. query[6..]]));
        Assert.Equal(ResponseCode.FormatError, CodeOf(query[..^1]));
        Assert.Equal(ResponseCode.FormatError, CodeOf([.. query, 0]));
        Assert.Equal(ResponseCode.FormatError, CodeOf(query[..12]));
        query[2] |= 0x80;
        Assert.Null(CodeOf(query));
        Assert.Null(CodeOf(query[..11]));
        Assert.Null(CodeOf([]));

        ResponseCode? CodeOf(byte[] message)
        {
            IpEndpoint client = _net.Begin(message);
            return _net.AnswerOf(client) is { } answer ? (ResponseCode)(answer[3] & 0xf) : null;
        }
    }

    [Fact]
    public void The_records_of_a_set_are_given_in_turns()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        HashSet<string> firsts = [];
        for (int i = 0; i < 4; i++)
        {
            string text = MessageText.Long(
                net.AskRaw(MessageText.Query("www.example.test.", RecordType.A))
            );
            firsts.Add(text.Split('\n')[2]);
        }

        Assert.Equal(2, firsts.Count);
    }

    [Fact]
    public void Names_in_answers_carry_the_servers_case_and_never_a_random_one()
    {
        SimulatedInternet net = SimulatedInternet.Small();
        net.Zone(
            "10.0.0.2",
            "example.test.",
            "@ NS ns ; ns A 10.0.0.2 ; alias CNAME Target.example.test. ; target A 192.0.2.1"
        );
        string text = MessageText.Long(
            net.AskRaw(MessageText.Query("alias.example.test.", RecordType.A))
        );
        Assert.Contains("CNAME Target.example.test.\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "EX",
            text.Replace("EXAMPLE", "", StringComparison.Ordinal)
                .Replace("EDNS", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
        Assert.Equal(text, text.Replace("TEST", "test", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void A_client_that_repeats_its_question_waits_once()
    {
        byte[] query = MessageText.Query("here.example.test.", RecordType.A);
        IpEndpoint client = new(IpAddress.FromV4(10, 9, 9, 9), 1);
        byte[] answer = new byte[1232];
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(
                0,
                _net.Machine.TakeQuery(query, new DnsPeer(client, default), _net.Now, answer)
            );
        }

        Assert.Equal(0, _net.Machine.Joined);
        _net.Settle();
        Assert.NotNull(_net.AnswerOf(client));
    }
}
