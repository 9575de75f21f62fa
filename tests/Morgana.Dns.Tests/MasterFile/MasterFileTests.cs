using CsCheck;

namespace Morgana.Dns.Tests;

public class MasterFileTests
{
    private static readonly MasterFileOptions Options = new()
    {
        FileName = "db.test",
        Origin = DnsName.Parse("example.test."),
    };

    private static readonly string[] Parts =
    [
        "$TTL ",
        "$ORIGIN ",
        "$INCLUDE ",
        "$GENERATE ",
        "1-3 ",
        "a",
        "@ ",
        "IN ",
        "A ",
        "SOA ",
        "TXT ",
        "MX ",
        "SVCB ",
        "alpn=",
        "\"",
        "(",
        ")",
        ";",
        "\n",
        " ",
        "\\",
        "\\# ",
        "10 ",
        "1.1.1.1 ",
        "é",
        "\r\n",
        "\0",
        "$",
        "${",
        ",d}",
        ".",
    ];

    private static string[] Lines(string text, MasterFileOptions? options = null) =>
        [.. MasterFile.Parse(text, options ?? Options).Select(entry => entry.Record.ToString())];

    [Fact]
    public void Everything_of_RFC_1035_section_5_is_read()
    {
        const string Text = """
            ; a comment
            $TTL 1h30m
            @   IN SOA ns1 hostmaster.example.test. (
                    2026112201 ; serial
                    1h         ; refresh
                    15m
                    1w 5m )
                NS  ns1
                    NS ns2.other.test.  ; blank owner, tabs and comments
            www 60 IN A 192.0.2.1
                IN 61 A 192.0.2.2
                A 192.0.2.3
            WWW AAAA 2001:db8::1
            txt TXT "a ; b" ( "c (d)"
                 e\;f ) ; end
            $ORIGIN sub
            a CNAME b
            $ORIGIN test.
            a\.b CNAME @
            . CNAME .
            \@ A 192.0.2.9
            in A 192.0.2.10
            a 5 A 192.0.2.11
            5.example TYPE65280 \# 3 010203
            """;
        Assert.Equal(
            [
                "example.test. 5400 IN SOA ns1.example.test. hostmaster.example.test. 2026112201 3600 900 604800 300",
                "example.test. 5400 IN NS ns1.example.test.",
                "example.test. 5400 IN NS ns2.other.test.",
                "www.example.test. 60 IN A 192.0.2.1",
                "www.example.test. 61 IN A 192.0.2.2",
                "www.example.test. 5400 IN A 192.0.2.3",
                "WWW.example.test. 5400 IN AAAA 2001:db8::1",
                "txt.example.test. 5400 IN TXT \"a ; b\" \"c (d)\" \"e;f\"",
                "a.sub.example.test. 5400 IN CNAME b.sub.example.test.",
                @"a\.b.test. 5400 IN CNAME test.",
                ". 5400 IN CNAME .",
                @"\@.test. 5400 IN A 192.0.2.9",
                "in.test. 5400 IN A 192.0.2.10",
                "a.test. 5 IN A 192.0.2.11",
                @"5.example.test. 5400 IN TYPE65280 \# 3 010203",
            ],
            Lines(Text)
        );
    }

    [Fact]
    public void Line_ends_of_either_kind_a_byte_order_mark_and_no_line_end_at_all_are_read()
    {
        Assert.Equal(2, Lines("\ufeffa 1 A 1.1.1.1\r\nb 1 A 1.1.1.2").Length);
        Assert.Empty(Lines(""));
        Assert.Empty(Lines("\r\n ; only a comment"));
    }

    [Fact]
    public void Records_without_a_TTL_take_that_of_TTL_then_the_last_then_the_SOA_minimum()
    {
        Assert.Equal(["a.example.test. 9 IN A 1.1.1.1"], Lines("$TTL 9\na A 1.1.1.1"));
        Assert.Equal(
            ["a.example.test. 7 IN A 1.1.1.1", "b.example.test. 7 IN A 1.1.1.1"],
            Lines("a 7 A 1.1.1.1\nb A 1.1.1.1")
        );
        Assert.Equal(
            ["example.test. 5 IN SOA a. b. 1 2 3 4 5", "b.example.test. 5 IN A 1.1.1.1"],
            Lines("@ SOA a. b. 1 2 3 4 5\nb A 1.1.1.1")
        );
        Assert.Equal(
            ["a.example.test. 77 IN A 1.1.1.1"],
            Lines("a A 1.1.1.1", Options with { DefaultTtl = 77 })
        );
    }

    [Theory]
    [InlineData("a A 1.1.1.1", 1, 12, "has no TTL")]
    [InlineData("$TTL 1h\n\n  A 1.1.1.1", 3, 3, "no owner")]
    [InlineData("a 1 A 1.1.1.1\nb 1 A 1.1.1", 2, 7, "not an IPv4 address")]
    [InlineData("a 1 A 1.1.1.1 2", 1, 15, "too much")]
    [InlineData("a 1 BOGUS x", 1, 5, "not a record type")]
    [InlineData("a 1 CH A 1.1.1.1", 1, 5, "does not belong")]
    [InlineData("a 1 IN", 1, 7, "has no type")]
    [InlineData("a 1 ANY x", 1, 5, "messages only")]
    [InlineData("a 2147483648 A 1.1.1.1", 1, 3, "too large")]
    [InlineData("a..b 1 A 1.1.1.1", 1, 1, "two dots")]
    [InlineData("\"a\" 1 A 1.1.1.1", 1, 1, "quotes")]
    [InlineData("a 1 TXT (\n b\n", 3, 1, "( of line 1 is never closed")]
    [InlineData("a 1 TXT b )", 1, 11, "without a (")]
    [InlineData("a 1 TXT \"b\nc\"", 1, 9, "closing")]
    [InlineData("$INCLUDE /etc/passwd", 1, 10, "refused")]
    [InlineData("$ORIGIN", 1, 8, "domain name is wanted")]
    [InlineData("$ORIGIN a. b", 1, 12, "too much")]
    [InlineData("$TTL x", 1, 6, "seconds")]
    [InlineData("$TTL 2147483648", 1, 6, "seconds")]
    [InlineData("$BOGUS", 1, 1, "directive")]
    [InlineData("$GENERATE 5-1 a A 1.1.1.1", 1, 11, "range")]
    [InlineData("$GENERATE 0-99999999 a A 1.1.1.1", 1, 11, "more than")]
    [InlineData("$GENERATE 1-2 a${0,999} 1 A 1.1.1.1", 1, 36, "template")]
    public void Errors_say_where_what_and_what_to_do(
        string text,
        int line,
        int column,
        string reason
    )
    {
        MasterFileException error = Assert.Throws<MasterFileException>(() =>
            MasterFile.Parse(text, Options)
        );
        MasterFileIssue issue = Assert.Single(error.Issues);
        Assert.Contains(reason, issue.Message, StringComparison.Ordinal);
        Assert.Equal(("db.test", line, column), (issue.File, issue.Line, issue.Column));
        Assert.StartsWith(
            $"db.test:{line}:{column}: error: ",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void All_errors_of_a_file_are_found_at_once_up_to_fifty()
    {
        IReadOnlyList<MasterFileEntry> entries = MasterFile.Parse(
            "a 1 A x\nb 1 A 1.1.1.1\nc 1 MX (\n x ) y\nd 1 A 1.1.1.2",
            Options,
            out IReadOnlyList<MasterFileIssue> issues
        );
        Assert.Equal([1, 4], issues.Select(issue => issue.Line));
        Assert.Equal(2, entries.Count);
        MasterFile.Parse(string.Concat(Enumerable.Repeat("a 1 A x\n", 200)), Options, out issues);
        Assert.Equal(50, issues.Count);
    }

    [Fact]
    public void Included_files_have_an_origin_of_their_own_and_change_nothing_outside()
    {
        var files = new Dictionary<string, string>
        {
            ["hosts"] = "h 1 A 1.1.1.1\n$ORIGIN deep\nx 1 A 1.1.1.2\n",
            ["self"] = "$INCLUDE self\n",
            ["bad"] = "h 1 A 1.1.1.1\nh 1 A no\n",
        };
        MasterFileOptions options = Options with
        {
            Include = name => files.GetValueOrDefault(name),
        };
        Assert.Equal(
            [
                "a.example.test. 1 IN A 1.1.1.0",
                "h.example.test. 1 IN A 1.1.1.1",
                "x.deep.example.test. 1 IN A 1.1.1.2",
                "h.sub.example.test. 1 IN A 1.1.1.1",
                "x.deep.sub.example.test. 1 IN A 1.1.1.2",
                "a.example.test. 1 IN A 1.1.1.3",
            ],
            Lines(
                "a 1 A 1.1.1.0\n$INCLUDE hosts\n$INCLUDE \"hosts\" sub ; comment\n  1 A 1.1.1.3",
                options
            )
        );
        Assert.Contains(
            "include itself",
            Message("$INCLUDE self", options),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "cannot be read",
            Message("$INCLUDE none", options),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "bad:2:7: error:",
            Message("\n\n$INCLUDE bad", options),
            StringComparison.Ordinal
        );

        static string Message(string text, MasterFileOptions options) =>
            Assert.Throws<MasterFileException>(() => MasterFile.Parse(text, options)).Message;
    }

    [Fact]
    public void Records_are_generated_from_templates()
    {
        Assert.Equal(
            ["h1.example.test. 1 IN A 10.0.0.1", "h3.example.test. 1 IN A 10.0.0.3"],
            Lines("$GENERATE 1-4/2 h$ 1 A 10.0.0.$")
        );
        Assert.Equal(
            [
                "x-00f.example.test. 1 IN CNAME host.example.test.",
                "x-010.example.test. 1 IN CNAME host.example.test.",
            ],
            Lines("$GENERATE 5-6 x-${10,3,x} 1 CNAME host ; comment")
        );
        Assert.Equal(
            [@"a\$1.example.test. 1 IN TXT ""q 1"""],
            Lines("$GENERATE 1-1 a$$$ 1 TXT \"q $\"")
        );
    }

    [Fact]
    public void What_is_printed_is_read_again_for_random_records_of_every_type()
    {
        var random = new RandomRecords(11);
        ResourceRecord[] records = [.. Enumerable.Range(0, 3000).Select(_ => random.Record())];
        using var writer = new StringWriter();
        MasterFile.Write(writer, records);
        IReadOnlyList<MasterFileEntry> read = MasterFile.Parse(writer.ToString());
        Assert.Equal(records.Length, read.Count);
        for (int i = 0; i < records.Length; i++)
        {
            Assert.Equal(records[i], read[i].Record);
            Assert.Equal(i + 1, read[i].Line);
            Assert.True(records[i].Data.Wire.SequenceEqual(read[i].Record.Data.Wire));
        }
    }

    [Fact]
    public void Random_text_gives_records_or_issues_and_never_throws() =>
        Gen.Int[0, Parts.Length - 1]
            .Select(i => Parts[i])
            .Array[0, 40]
            .Sample(
                parts =>
                {
                    string text = string.Concat(parts);
                    IReadOnlyList<MasterFileEntry> entries = MasterFile.Parse(
                        text,
                        Options with
                        {
                            Include = _ => "x 1 A 1.1.1.1\n",
                        },
                        out IReadOnlyList<MasterFileIssue> issues
                    );
                    Assert.True(issues.Count <= 50);
                    foreach (MasterFileEntry entry in entries)
                    {
                        Assert.Equal(
                            entry.Record,
                            Assert.Single(MasterFile.Parse(entry.Record.ToString())).Record
                        );
                    }
                },
                iter: 20_000
            );
}
