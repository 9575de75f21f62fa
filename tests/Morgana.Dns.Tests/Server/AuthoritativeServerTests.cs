using System.Text;
using CsCheck;

namespace Morgana.Dns.Tests;

public class AuthoritativeServerTests
{
    private const string ZoneText = """
        $ORIGIN example.test.
        $TTL 1h
        @ 2h SOA ns1 hostmaster 1 1h 15m 1w 5m
        @ NS ns1
        @ NS ns2.else.test.
        @ MX 10 mail
        @ MX 20 MAIL
        ns1 A 192.0.2.53
        mail A 192.0.2.25
        mail AAAA 2001:db8::25
        www A 192.0.2.80
        www A 192.0.2.81
        www TXT "hello"
        a CNAME b
        b CNAME www
        out CNAME far.away.test.
        lost CNAME nothing
        loop1 CNAME loop2
        loop2 CNAME loop1
        intochild CNAME www.child
        *.w A 192.0.2.7
        *.w CNAME2 TXT "x"
        deep.ent.w TXT "ent"
        *.c CNAME www
        child NS ns.child
        child NS ns1
        child DS 1 8 2 AB
        ns.child A 192.0.2.54
        ns.child AAAA 2001:db8::54
        glueless NS ns.far.test.
        old DNAME new
        x.new A 192.0.2.99
        oldest DNAME old
        srv SRV 0 0 80 www
        web HTTPS 1 . alpn=h2
        """;

    private static readonly AuthoritativeServer Server = new([
        Zone.Parse(ZoneText.Replace("*.w CNAME2 TXT", "*.w TXT", StringComparison.Ordinal)),
        Zone.Parse(
            "$ORIGIN sub.example.test.\n$TTL 9\n@ SOA ns h 1 1 1 1 1\n@ NS ns\nns A 192.0.2.1\n"
        ),
    ]);

    private static byte[] Query(
        string name,
        RecordType type,
        int payload = 1232,
        RecordClass recordClass = RecordClass.Internet
    )
    {
        byte[] buffer = new byte[512];
        var writer = new MessageWriter(buffer)
        {
            Header = new DnsHeader(0xbeef, HeaderFlags.RecursionDesired),
        };
        Assert.True(writer.TryWriteQuestion(new Question(DnsName.Parse(name), type, recordClass)));
        if (payload > 0)
        {
            Assert.True(writer.TryWriteEdns((ushort)payload, ResponseCode.NoError, false));
        }

        return buffer[..writer.Finish()];
    }

    /// <summary>The answer as text: code and flags, then the records of each section after its letter.</summary>
    private static string Ask(string name, RecordType type, int payload = 1232) =>
        Describe(Server, Query(name, type, payload));

    private static string Describe(AuthoritativeServer server, byte[] query)
    {
        byte[] answer = new byte[4096];
        int length = server.Respond(query, answer);
        Assert.True(MessageReader.TryCreate(answer.AsSpan(0, length), out MessageReader reader));
        Assert.Equal(0xbeef, reader.Header.Id);
        Assert.True(reader.Header.IsResponse);
        var text = new StringBuilder();
        Assert.True(reader.TryReadQuestion(out QuestionView question));
        Assert.True(question.Name.TryGetWire(out ReadOnlySpan<byte> echoed));
        Assert.True(echoed.SequenceEqual(query.AsSpan(12, echoed.Length)));
        ResponseCode code = reader.Header.ResponseCode;
        while (reader.TryReadRecord(out RecordView record))
        {
            if (EdnsView.TryRead(record, out EdnsView edns))
            {
                code = edns.ExtendResponseCode(code);
                Assert.Equal(1232, edns.PayloadSize);
                continue;
            }

            text.Append('\n')
                .Append(" QAUX"[(int)record.Section + 1 - 0])
                .Append(' ')
                .Append(record.ToRecord());
        }

        Assert.Equal(WireError.None, reader.Error);
        HeaderFlags flags =
            reader.Header.Flags & ~(HeaderFlags.Response | HeaderFlags.RecursionDesired);
        return $"{code} {flags}{text}";
    }

    private const string Soa =
        "\nU example.test. 300 IN SOA ns1.example.test. hostmaster.example.test. 1 3600 900 604800 300";

    [Fact]
    public void A_name_with_data_is_answered() =>
        Assert.Equal(
            "NoError Authoritative\nA WWW.example.test. 3600 IN A 192.0.2.80\nA WWW.example.test. 3600 IN A 192.0.2.81",
            Ask("WWW.example.test.", RecordType.A)
        );

    [Fact]
    public void A_name_without_data_of_the_type_gives_the_SOA_with_the_negative_TTL() =>
        Assert.Equal("NoError Authoritative" + Soa, Ask("www.example.test.", RecordType.Aaaa));

    [Fact]
    public void A_name_that_does_not_exist_gives_NXDOMAIN_with_the_SOA() =>
        Assert.Equal("NameError Authoritative" + Soa, Ask("a.b.none.example.test.", RecordType.A));

    [Fact]
    public void An_empty_non_terminal_gives_no_data_even_beside_a_wildcard() =>
        Assert.Equal("NoError Authoritative" + Soa, Ask("ent.w.example.test.", RecordType.A));

    [Fact]
    public void Aliases_are_followed_within_the_zone() =>
        Assert.Equal(
            "NoError Authoritative\nA a.example.test. 3600 IN CNAME b.example.test.\nA b.example.test. 3600 IN CNAME www.example.test.\nA www.example.test. 3600 IN TXT \"hello\"",
            Ask("a.example.test.", RecordType.Txt)
        );

    [Fact]
    public void An_alias_asked_for_itself_is_not_followed() =>
        Assert.Equal(
            "NoError Authoritative\nA a.example.test. 3600 IN CNAME b.example.test.",
            Ask("a.example.test.", RecordType.Cname)
        );

    [Fact]
    public void Aliases_out_of_the_zone_end_the_answer() =>
        Assert.Equal(
            "NoError Authoritative\nA out.example.test. 3600 IN CNAME far.away.test.",
            Ask("out.example.test.", RecordType.A)
        );

    [Fact]
    public void An_alias_to_nothing_gives_the_alias_and_NXDOMAIN() =>
        Assert.Equal(
            "NameError Authoritative\nA lost.example.test. 3600 IN CNAME nothing.example.test."
                + Soa,
            Ask("lost.example.test.", RecordType.A)
        );

    [Fact]
    public void A_loop_of_aliases_ends_with_each_alias_once() =>
        Assert.Equal(
            "NoError Authoritative\nA loop1.example.test. 3600 IN CNAME loop2.example.test.\nA loop2.example.test. 3600 IN CNAME loop1.example.test.",
            Ask("loop1.example.test.", RecordType.A)
        );

    [Fact]
    public void An_alias_into_a_delegated_zone_gives_the_alias_and_a_referral() =>
        Assert.Equal(
            "NoError Authoritative\nA intochild.example.test. 3600 IN CNAME www.child.example.test."
                + Referral,
            Ask("intochild.example.test.", RecordType.A)
        );

    [Fact]
    public void Wildcards_answer_with_the_name_asked_for()
    {
        Assert.Equal(
            "NoError Authoritative\nA x.y.w.example.test. 3600 IN A 192.0.2.7",
            Ask("x.y.w.example.test.", RecordType.A)
        );
        Assert.Equal("NoError Authoritative" + Soa, Ask("x.w.example.test.", RecordType.Mx));
        Assert.Equal("NameError Authoritative" + Soa, Ask("x.ent.w.example.test.", RecordType.A));
        Assert.StartsWith(
            "NoError Authoritative\nA q.c.example.test. 3600 IN CNAME www.example.test.\nA www",
            Ask("q.c.example.test.", RecordType.A),
            StringComparison.Ordinal
        );
    }

    private const string Referral =
        "\nU child.example.test. 3600 IN NS ns.child.example.test.\nU child.example.test. 3600 IN NS ns1.example.test."
        + "\nX ns.child.example.test. 3600 IN A 192.0.2.54\nX ns.child.example.test. 3600 IN AAAA 2001:db8::54\nX ns1.example.test. 3600 IN A 192.0.2.53";

    [Fact]
    public void Delegated_names_give_a_referral_with_glue_and_without_authority()
    {
        Assert.Equal("NoError None" + Referral, Ask("www.child.example.test.", RecordType.A));
        Assert.Equal("NoError None" + Referral, Ask("child.example.test.", RecordType.Ns));
        Assert.Equal("NoError None" + Referral, Ask("ns.child.example.test.", RecordType.A));
        Assert.Equal(
            "NoError None\nU glueless.example.test. 3600 IN NS ns.far.test.",
            Ask("x.glueless.example.test.", RecordType.A)
        );
    }

    [Fact]
    public void DS_at_a_cut_is_answered_by_the_parent()
    {
        Assert.Equal(
            "NoError Authoritative\nA child.example.test. 3600 IN DS 1 8 2 AB",
            Ask("child.example.test.", RecordType.Ds)
        );
        Assert.Equal("NoError Authoritative" + Soa, Ask("glueless.example.test.", RecordType.Ds));
        // The server has both sub.example.test. and the zone above it, which knows no such name.
        Assert.Equal("NameError Authoritative" + Soa, Ask("sub.example.test.", RecordType.Ds));
    }

    [Fact]
    public void The_zone_with_the_longest_name_answers() =>
        Assert.Equal(
            "NoError Authoritative\nA sub.example.test. 9 IN NS ns.sub.example.test.\nX ns.sub.example.test. 9 IN A 192.0.2.1",
            Ask("sub.example.test.", RecordType.Ns)
        );

    [Fact]
    public void DNAME_gives_itself_a_synthesised_alias_and_what_that_leads_to()
    {
        Assert.Equal(
            "NoError Authoritative\nA old.example.test. 3600 IN DNAME new.example.test.\nA x.old.example.test. 3600 IN CNAME x.new.example.test.\nA x.new.example.test. 3600 IN A 192.0.2.99",
            Ask("x.old.example.test.", RecordType.A)
        );
        Assert.Equal(
            "NoError Authoritative\nA old.example.test. 3600 IN DNAME new.example.test.\nA x.old.example.test. 3600 IN CNAME x.new.example.test.",
            Ask("x.old.example.test.", RecordType.Cname)
        );
        Assert.Equal(
            "NoError Authoritative\nA old.example.test. 3600 IN DNAME new.example.test.",
            Ask("old.example.test.", RecordType.Dname)
        );
        Assert.StartsWith(
            "NoError Authoritative\nA oldest.example.test. 3600 IN DNAME old.example.test.\nA x.oldest.example.test. 3600 IN CNAME x.old.example.test.\nA old.example.test. 3600 IN DNAME",
            Ask("x.oldest.example.test.", RecordType.A),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void DNAME_whose_result_is_too_long_gives_YXDOMAIN()
    {
        var server = new AuthoritativeServer([
            Zone.Parse(
                "$ORIGIN a.\n$TTL 9\n@ SOA ns h 1 1 1 1 1\n@ NS ns\nns A 1.1.1.1\nd DNAME "
                    + string.Concat(Enumerable.Repeat(new string('x', 60) + ".", 3))
            ),
        ]);
        string name = new string('y', 60) + "." + new string('z', 20) + ".d.a.";
        Assert.StartsWith(
            "NameExists Authoritative\nA d.a. 9 IN DNAME",
            Describe(server, Query(name, RecordType.A)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_chain_through_the_same_DNAME_again_has_its_set_once_and_goes_on()
    {
        var server = new AuthoritativeServer([
            Zone.Parse(
                "$ORIGIN a.\n$TTL 9\n@ SOA ns h 1 1 1 1 1\n@ NS ns\nns A 1.1.1.1\nd DNAME @\nx A 1.1.1.2"
            ),
        ]);
        Assert.Equal(
            "NoError Authoritative\nA d.a. 9 IN DNAME a.\nA x.d.d.a. 9 IN CNAME x.d.a.\nA x.d.a. 9 IN CNAME x.a.\nA x.a. 9 IN A 1.1.1.2",
            Describe(server, Query("x.d.d.a.", RecordType.A))
        );
    }

    [Fact]
    public void DNAME_onto_itself_ends_after_one_step_instead_of_seventeen_as_it_once_did()
    {
        var server = new AuthoritativeServer([
            Zone.Parse(
                "$ORIGIN a.\n$TTL 9\n@ SOA ns h 1 1 1 1 1\n@ NS ns\nns A 1.1.1.1\nd DNAME d.d"
            ),
        ]);
        string answer = Describe(server, Query("x.d.a.", RecordType.A));
        Assert.Equal(1, answer.Split(" DNAME").Length - 1);
        Assert.Equal(1, answer.Split("CNAME").Length - 1);
    }

    [Fact]
    public void Hosts_that_an_answer_names_come_with_their_addresses_once()
    {
        Assert.Equal(
            "NoError Authoritative\nA example.test. 3600 IN MX 10 mail.example.test.\nA example.test. 3600 IN MX 20 mail.example.test.\nX mail.example.test. 3600 IN A 192.0.2.25\nX mail.example.test. 3600 IN AAAA 2001:db8::25",
            Ask("example.test.", RecordType.Mx)
        );
        Assert.Equal(
            "NoError Authoritative\nA srv.example.test. 3600 IN SRV 0 0 80 www.example.test.\nX www.example.test. 3600 IN A 192.0.2.80\nX www.example.test. 3600 IN A 192.0.2.81",
            Ask("srv.example.test.", RecordType.Srv)
        );
        Assert.Equal(
            "NoError Authoritative\nA web.example.test. 3600 IN HTTPS 1 . alpn=\"h2\"",
            Ask("web.example.test.", RecordType.Https)
        );
    }

    [Fact]
    public void Hosts_that_a_wildcard_answers_for_come_with_its_addresses()
    {
        var server = new AuthoritativeServer([
            Zone.Parse(
                "$ORIGIN a.\n$TTL 9\n@ SOA ns h 1 1 1 1 1\n@ NS ns\nns A 1.1.1.1\nc NS x.w\n*.w A 1.1.1.2"
            ),
        ]);
        Assert.Equal(
            "NoError None\nU c.a. 9 IN NS x.w.a.\nX x.w.a. 9 IN A 1.1.1.2",
            Describe(server, Query("c.a.", RecordType.A))
        );
    }

    [Fact]
    public void ANY_gives_one_set_only() =>
        Assert.Equal(
            "NoError Authoritative\nA www.example.test. 3600 IN A 192.0.2.80\nA www.example.test. 3600 IN A 192.0.2.81",
            Ask("www.example.test.", RecordType.Any)
        );

    [Theory]
    [InlineData("other.test.", RecordType.A, "Refused None")]
    [InlineData("test.", RecordType.Ns, "Refused None")]
    [InlineData(".", RecordType.Ns, "Refused None")]
    [InlineData("example.test.", RecordType.Axfr, "Refused None")]
    [InlineData("example.test.", RecordType.Maila, "NotImplemented None")]
    [InlineData("example.test.", RecordType.Opt, "FormatError None")]
    public void What_the_server_does_not_do_is_refused(
        string name,
        RecordType type,
        string expected
    ) => Assert.Equal(expected, Ask(name, type));

    [Fact]
    public void Other_classes_are_refused() =>
        Assert.Equal(
            "Refused None",
            Describe(Server, Query("example.test.", RecordType.A, 1232, RecordClass.Chaos))
        );

    [Fact]
    public void A_later_version_of_EDNS_gives_BADVERS()
    {
        byte[] query = Query("www.example.test.", RecordType.A);
        query[^5] = 1;
        Assert.Equal("BadVersion None", Describe(Server, query));
    }

    [Fact]
    public void Without_EDNS_there_is_no_OPT_in_the_answer()
    {
        byte[] answer = new byte[512];
        int length = Server.Respond(Query("www.example.test.", RecordType.Txt, payload: 0), answer);
        Assert.True(MessageReader.TryCreate(answer.AsSpan(0, length), out MessageReader reader));
        Assert.Equal(WireError.None, reader.ReadToEnd(out _, out bool hasEdns));
        Assert.False(hasEdns);
    }

    [Fact]
    public void Messages_that_are_no_questions_are_answered_with_their_id_or_not_at_all()
    {
        byte[] answer = new byte[512];
        byte[] query = Query("www.example.test.", RecordType.A);
        Assert.Equal(0, Server.Respond([], answer));
        Assert.Equal(0, Server.Respond(query.AsSpan(0, 11), answer));
        byte[] isAnswer = [.. query];
        isAnswer[2] |= 0x80;
        Assert.Equal(0, Server.Respond(isAnswer, answer));

        byte[] update = [.. query];
        update[2] |= 5 << 3;
        Assert.Equal("BEEFA9040000000000000000", Answer(update));
        Assert.Equal("BEEF81010000000000000000", Answer(query[..20]));
        Assert.Equal("BEEF81010000000000000000", Answer([.. query, 0]));
        byte[] two = [.. query];
        two[5] = 2;
        Assert.Equal("BEEF81010000000000000000", Answer(two));
        byte[] none = query[..12];
        none[5] = 0;
        none[11] = 0;
        Assert.Equal("BEEF81010000000000000000", Answer(none));
        byte[] cut = [.. query];
        cut[2] |= 2;
        Assert.Equal("BEEF81010000000000000000", Answer(cut));

        string Answer(byte[] message) =>
            Convert.ToHexString(answer.AsSpan(0, Server.Respond(message, answer)));
    }

    private static readonly AuthoritativeServer Large = new([
        Zone.Parse(
            "$ORIGIN big.\n$TTL 9\n@ SOA ns h 1 1 1 1 1\n@ NS ns\nns A 1.1.1.1\n"
                + "$GENERATE 1-100 many A 10.0.0.$\n"
                + "$GENERATE 1-40 cut NS ns$.cut\n$GENERATE 1-40 ns$.cut A 10.0.1.$\n"
                + "$GENERATE 1-12 mx MX $ mail$\n$GENERATE 1-12 mail$ AAAA 2001:db8::$\n$GENERATE 1-12 mail$ A 10.0.2.$\n"
        ),
    ]);

    [Fact]
    public void What_does_not_fit_is_left_out_as_a_whole_set_and_the_answer_says_so()
    {
        Assert.Equal(
            "NoError Truncated, Authoritative",
            Describe(Large, Query("many.big.", RecordType.A, 0))
        );
        Assert.Equal(
            "NoError Truncated, Authoritative",
            Describe(Large, Query("many.big.", RecordType.A, 65535))
        );
        // Addresses that are merely helpful may be left out without a word.
        string mx = Describe(Large, Query("mx.big.", RecordType.Mx, 0));
        Assert.StartsWith("NoError Authoritative\nA", mx, StringComparison.Ordinal);
        Assert.DoesNotContain("mail12.big. 9 IN AAAA", mx, StringComparison.Ordinal);
        Assert.Contains("X mail1.big. 9 IN A ", mx, StringComparison.Ordinal);
        Assert.Contains(
            "mail12.big. 9 IN AAAA",
            Describe(Large, Query("mx.big.", RecordType.Mx, 4096)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_referral_without_all_glue_of_the_delegated_zone_is_truncated_as_RFC_9471_says()
    {
        string referral = Describe(Large, Query("x.cut.big.", RecordType.A, 1232));
        Assert.StartsWith("NoError Truncated\nU cut.big.", referral, StringComparison.Ordinal);
        Assert.Contains("X ns1.cut.big.", referral, StringComparison.Ordinal);
        Assert.Equal("NoError Truncated", Describe(Large, Query("x.cut.big.", RecordType.A, 512)));
    }

    [Theory]
    [InlineData(0, 512)]
    [InlineData(100, 512)]
    [InlineData(600, 600)]
    [InlineData(1232, 1232)]
    [InlineData(65535, 1232)]
    public void Answers_keep_to_the_size_that_the_client_takes(int payload, int most)
    {
        byte[] answer = new byte[4096];
        foreach (string name in (string[])["mx.big.", "x.cut.big.", "many.big."])
        {
            int length = Large.Respond(Query(name, RecordType.Mx, payload), answer);
            Assert.InRange(length, 12, most);
        }
    }

    [Fact]
    public void An_answer_from_the_zone_allocates_nothing()
    {
        byte[] query = Query("a.example.test.", RecordType.A);
        byte[] mx = Query("example.test.", RecordType.Mx);
        byte[] none = Query("none.example.test.", RecordType.A);
        byte[] answer = new byte[1232];
        Server.Respond(query, answer);
        Server.Respond(mx, answer);
        Server.Respond(none, answer);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Server.Respond(query, answer);
            Server.Respond(mx, answer);
            Server.Respond(none, answer);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Two_zones_of_one_name_are_a_programming_error()
    {
        Zone zone = Zone.Parse("@ 9 SOA ns h 1 1 1 1 1\n@ NS ns\nns A 1.1.1.1\n");
        Assert.Throws<ArgumentException>(() => new AuthoritativeServer([zone, zone]));
    }

    [Fact]
    public void Mutated_questions_get_a_good_answer_or_none()
    {
        byte[][] seeds =
        [
            Query("www.example.test.", RecordType.A),
            Query("a.example.test.", RecordType.Txt, 0),
            Query("x.old.example.test.", RecordType.A, 512),
            Query("x.child.example.test.", RecordType.Mx),
            Query("q.w.example.test.", RecordType.Any),
            Query("loop1.example.test.", RecordType.A),
        ];
        byte[] buffer = new byte[2048];
        byte[] answer = new byte[4096];
        var random = new MutatedMessageTests.Xorshift(5);
        int answered = 0;
        for (int i = 0; i < 300_000; i++)
        {
            Span<byte> query = MutatedMessageTests.Mutate(
                seeds[random.Next(seeds.Length)],
                buffer,
                ref random
            );
            int length = Server.Respond(query, answer);
            if (length == 0)
            {
                continue;
            }

            if (
                !MessageReader.TryCreate(answer.AsSpan(0, length), out MessageReader reader)
                || reader.ReadToEnd(out _, out _) != WireError.None
                || !reader.Header.IsResponse
                || answer[0] != query[0]
                || answer[1] != query[1]
                || length > 1232
            )
            {
                Assert.Fail(
                    $"{Convert.ToHexString(query)} gave {Convert.ToHexString(answer.AsSpan(0, length))}"
                );
            }

            answered++;
        }

        Assert.True(answered > 100_000);
    }

    [Fact]
    public void Random_zones_answer_every_name_they_hold() =>
        Gen.Int.Sample(
            seed =>
            {
                var random = new RandomRecords(seed);
                var text = new StringBuilder("@ 9 SOA ns. h. 1 1 1 1 1\n@ 9 NS ns.\n");
                ResourceRecord[] records =
                [
                    .. Enumerable
                        .Range(0, 20)
                        .Select(_ => random.Record())
                        .Where(record =>
                            record.Type
                                is not (
                                    RecordType.Ns
                                    or RecordType.Cname
                                    or RecordType.Dname
                                    or RecordType.Soa
                                )
                        ),
                ];
                foreach (ResourceRecord record in records)
                {
                    text.Append(record with { Ttl = 9 }).Append('\n');
                }

                Zone? zone = Zone.Parse(
                    text.ToString(),
                    null,
                    out IReadOnlyList<MasterFileIssue> issues
                );
                Assert.True(zone is not null, string.Join('\n', issues));
                var server = new AuthoritativeServer([zone]);
                foreach (ResourceRecord record in records)
                {
                    string answer = Describe(server, Query(record.Name.ToString(), record.Type));
                    Assert.StartsWith("NoError Authoritative", answer, StringComparison.Ordinal);
                    Assert.True(
                        answer.Contains(
                            $"A {record with { Ttl = 9 }}",
                            StringComparison.OrdinalIgnoreCase
                        )
                            || answer.StartsWith(
                                "NoError Truncated, Authoritative",
                                StringComparison.Ordinal
                            ),
                        answer
                    );
                }
            },
            iter: 200
        );
}
