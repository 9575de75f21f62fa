namespace Morgana.Dns.Tests;

public class RDataTextTests
{
    /// <summary>Text, its wire form by hand, and how it is printed where that differs.</summary>
    public static TheoryData<RecordType, string, string, string?> Vectors =>
        new()
        {
            { RecordType.A, "10.0.0.1", "0A000001", null },
            { RecordType.A, @"\# 4 0A000001", "0A000001", "10.0.0.1" },
            { RecordType.Aaaa, "2001:db8::1", "20010DB8000000000000000000000001", null },
            { RecordType.Ns, "ns.test.", "026E73047465737400", null },
            { RecordType.Md, "a.", "016100", null },
            { RecordType.Mf, "a.", "016100", null },
            { RecordType.Cname, "A.b.", "0141016200", null },
            {
                RecordType.Soa,
                "ns.a. m.a. 1 1h 15m 1w 300",
                "026E730161 00 016D016100 00000001 00000E10 00000384 00093A80 0000012C",
                "ns.a. m.a. 1 3600 900 604800 300"
            },
            { RecordType.Mb, "a.", "016100", null },
            { RecordType.Mg, "a.", "016100", null },
            { RecordType.Mr, "a.", "016100", null },
            { RecordType.Null, @"\# 3 010203", "010203", null },
            { RecordType.Null, @"\# 0", "", null },
            {
                RecordType.Wks,
                "10.0.0.1 TCP smtp 53",
                "0A000001 06 00000040000004",
                "10.0.0.1 6 25 53"
            },
            { RecordType.Wks, "10.0.0.1 17", "0A00000111", null },
            { RecordType.Ptr, "host.test.", "04686F7374047465737400", null },
            {
                RecordType.Hinfo,
                "\"PDP 11\" UNIX",
                "0650445020313104554E4958",
                "\"PDP 11\" \"UNIX\""
            },
            { RecordType.Minfo, "a. b.", "016100016200", null },
            { RecordType.Mx, "10 mail.a.", "000A046D61696C016100", null },
            { RecordType.Txt, "\"a b\" c \"\"", "03612062016300", "\"a b\" \"c\" \"\"" },
            {
                RecordType.Txt,
                @"""q\""\\\007\195\164""",
                "0671225C07C3A4",
                @"""q\""\\\007\195\164"""
            },
            { RecordType.Txt, "ä", "02C3A4", @"""\195\164""" },
            { RecordType.Txt, "\"; ( )\"", "053B20282029", null },
            { RecordType.Rp, "a. .", "01610000", null },
            { RecordType.Afsdb, "1 a.", "0001016100", null },
            { RecordType.Srv, "1 2 443 h.a.", "0001000201BB0168016100", null },
            {
                RecordType.Naptr,
                "100 50 \"s\" \"z3950+I2L\" \"\" _z._tcp.a.",
                "0064 0032 0173 097A333935302B49324C 00 025F7A045F746370016100",
                null
            },
            { RecordType.Kx, "1 a.", "0001016100", null },
            { RecordType.Dname, "a.", "016100", null },
            {
                RecordType.Ds,
                "60485 5 1 2BB183AF5F22588179A53B0A 98631FAD1A292118",
                "EC45 05 01 2BB183AF5F22588179A53B0A98631FAD1A292118",
                "60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118"
            },
            {
                RecordType.Sshfp,
                "2 1 123456789abcdef6",
                "0201123456789ABCDEF6",
                "2 1 123456789ABCDEF6"
            },
            {
                RecordType.Rrsig,
                "A 5 3 86400 20030322173103 ( 20030220173103 2642 example.com. AQID BA== )",
                "0001 05 03 00015180 3E7C9DD7 3E5510D7 0A52 076578616D706C6503636F6D00 01020304",
                "A 5 3 86400 20030322173103 20030220173103 2642 example.com. AQIDBA=="
            },
            {
                RecordType.Nsec,
                "host.example.com. A MX RRSIG NSEC TYPE1234",
                "04686F7374076578616D706C6503636F6D00 0006400100000003 041B000000000000000000000000000000000000000000000000000020",
                null
            },
            { RecordType.Nsec, "a.", "016100", null },
            {
                RecordType.Dnskey,
                "256 3 5 AQPS mmPD",
                "0100 03 05 0103D29A63C3",
                "256 3 5 AQPSmmPD"
            },
            {
                RecordType.Nsec3,
                "1 1 12 aabbccdd 2vptu5timamqttgl4luu9kg21e0aor3s A RRSIG",
                "01 01 000C 04AABBCCDD 1417F3DF17B2B2ADAEF615257DE4D2020B80AC6C7C 0006400000000002",
                "1 1 12 AABBCCDD 2VPTU5TIMAMQTTGL4LUU9KG21E0AOR3S A RRSIG"
            },
            { RecordType.Nsec3Param, "1 0 0 -", "0100000000", null },
            { RecordType.Tlsa, "3 1 1 ABCD", "030101ABCD", null },
            { RecordType.Smimea, "3 1 1 ABCD", "030101ABCD", null },
            { RecordType.Cds, "0 0 0 00", "0000000000", null },
            { RecordType.Cdnskey, "0 3 0 AA==", "0000030000", null },
            { RecordType.OpenPgpKey, "AQID", "010203", null },
            { RecordType.Csync, "66 3 A NS AAAA", "00000042 0003 000460000008", null },
            { RecordType.ZoneMd, "1 1 1 AB", "000000010101AB", null },
            { RecordType.Spf, "\"v=spf1 -all\"", "0B763D73706631202D616C6C", null },
            { RecordType.Uri, "10 1 \"ftp://a/\"", "000A0001 6674703A2F2F612F", null },
            {
                RecordType.Caa,
                "0 issue \"ca.example; a=b\"",
                "00 056973737565 63612E6578616D706C653B20613D62",
                null
            },
            { (RecordType)65280, @"\# 4 0A000001", "0A000001", null },
            { (RecordType)65280, @"\# 4 0A 00 ( 00", "", "error" },
            // RFC 9460 appendix D.
            {
                RecordType.Https,
                "0 foo.example.com.",
                "0000 03666F6F076578616D706C6503636F6D00",
                null
            },
            { RecordType.Svcb, "1 .", "000100", null },
            {
                RecordType.Svcb,
                "16 foo.example.com. port=53",
                "0010 03666F6F076578616D706C6503636F6D00 0003 0002 0035",
                null
            },
            {
                RecordType.Svcb,
                "1 foo.example.com. key667=hello",
                "0001 03666F6F076578616D706C6503636F6D00 029B 0005 68656C6C6F",
                "1 foo.example.com. key667=\"hello\""
            },
            {
                RecordType.Svcb,
                @"1 foo.example.com. key667=""hello\210qoo""",
                "0001 03666F6F076578616D706C6503636F6D00 029B 0009 68656C6C6FD2716F6F",
                null
            },
            {
                RecordType.Svcb,
                "1 foo.example.com. ( ipv6hint=\"2001:db8::1,2001:db8::53:1\" )",
                "0001 03666F6F076578616D706C6503636F6D00 0006 0020 20010DB8000000000000000000000001 20010DB8000000000000000000530001",
                "1 foo.example.com. ipv6hint=2001:db8::1,2001:db8::53:1"
            },
            {
                RecordType.Svcb,
                "1 example.com. ipv6hint=\"2001:db8:122:344::192.0.2.33\"",
                "0001 076578616D706C6503636F6D00 0006 0010 20010DB80122034400000000C0000221",
                "1 example.com. ipv6hint=2001:db8:122:344::c000:221"
            },
            {
                RecordType.Svcb,
                "16 foo.example.org. ( alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1 )",
                "0010 03666F6F076578616D706C65036F726700 0000 0004 0001 0004 0001 0009 026832 0568332D3139 0004 0004 C0000201",
                "16 foo.example.org. mandatory=alpn,ipv4hint alpn=\"h2,h3-19\" ipv4hint=192.0.2.1"
            },
            {
                RecordType.Svcb,
                @"16 foo.example.org. alpn=""f\\\\oo\\,bar,h2""",
                "0010 03666F6F076578616D706C65036F726700 0001 000C 08665C6F6F2C626172 026832",
                null
            },
            {
                RecordType.Svcb,
                @"16 foo.example.org. alpn=f\\\092oo\092,bar,h2",
                "0010 03666F6F076578616D706C65036F726700 0001 000C 08665C6F6F2C626172 026832",
                @"16 foo.example.org. alpn=""f\\\\oo\\,bar,h2"""
            },
            {
                RecordType.Https,
                "1 . alpn=h2 no-default-alpn ech=AQID",
                "000100 0001 0003 026832 0002 0000 0005 0003 010203",
                "1 . alpn=\"h2\" no-default-alpn ech=AQID"
            },
        };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Text_gives_the_wire_form_written_by_hand_and_back(
        RecordType type,
        string text,
        string hex,
        string? printed
    )
    {
        if (printed == "error")
        {
            Assert.Throws<FormatException>(() => RData.Parse(type, text));
            return;
        }

        byte[] wire = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        RData data = RData.Parse(type, text);
        Assert.Equal(Convert.ToHexString(wire), Convert.ToHexString(data.Wire));
        Assert.Equal(printed ?? text, data.ToString());
        Assert.Equal(WireError.None, RData.TryCreate(type, wire, out RData fromWire));
        Assert.Equal(data, fromWire);
    }

    [Theory]
    [InlineData(RecordType.A, "10.0.0.256", "IPv4")]
    [InlineData(RecordType.A, "::1", "IPv4")]
    [InlineData(RecordType.A, "\"10.0.0.1\"", "quotes")]
    [InlineData(RecordType.A, "10.0.0.1 x", "too much")]
    [InlineData(RecordType.A, "", "missing")]
    [InlineData(RecordType.A, @"\# 3 010203", "DataLength")]
    [InlineData(RecordType.A, @"\# 4 0102", "announces 4")]
    [InlineData(RecordType.A, @"\# 2 012", "hexadecimal")]
    [InlineData(RecordType.A, @"\# x", "length in bytes")]
    [InlineData(RecordType.Aaaa, "10.0.0.1", "IPv6")]
    [InlineData(RecordType.Aaaa, "2001:db8::/64", "IPv6")]
    [InlineData(RecordType.Mx, "mail.a.", "0 to 65535")]
    [InlineData(RecordType.Mx, "65536 a.", "0 to 65535")]
    [InlineData(RecordType.Mx, "10", "missing")]
    [InlineData(RecordType.Mx, "10 a..b", "two dots")]
    [InlineData(RecordType.Soa, "a. b. 1 1h30 3 4 5", "seconds")]
    [InlineData(RecordType.Soa, "a. b. 1 2 3 4", "missing")]
    [InlineData(RecordType.Txt, "\"a", "closing")]
    [InlineData(RecordType.Txt, "(a", "never closed")]
    [InlineData(RecordType.Txt, "a)", "without a (")]
    [InlineData(RecordType.Txt, @"a\300", "backslash")]
    [InlineData(RecordType.Caa, "0 is-sue x", "tag")]
    [InlineData(RecordType.Ds, "1 1 1 ABC", "hexadecimal")]
    [InlineData(RecordType.Ds, "1 1 1", "missing")]
    [InlineData(RecordType.Dnskey, "1 3 1 !!", "base64")]
    [InlineData(RecordType.Rrsig, "A 5 3 1 20031322173103 1 1 a. AA==", "YYYY")]
    [InlineData(RecordType.Nsec, "a. A BOGUS", "record type")]
    [InlineData(RecordType.Nsec3, "1 0 0 - 0Z", "base32hex")]
    [InlineData(RecordType.Nsec3, "1 0 0 ABC 00", "salt")]
    [InlineData((RecordType)65280, "10.0.0.1", @"\#")]
    // RFC 9460 appendix D.3 and section 8.
    [InlineData(RecordType.Svcb, "1 a. key123=abc key123=def", "twice")]
    [InlineData(RecordType.Svcb, "1 a. mandatory", "mandatory")]
    [InlineData(RecordType.Svcb, "1 a. alpn", "alpn")]
    [InlineData(RecordType.Svcb, "1 a. port", "port")]
    [InlineData(RecordType.Svcb, "1 a. ipv4hint", "ipv4hint")]
    [InlineData(RecordType.Svcb, "1 a. ipv6hint", "ipv6hint")]
    [InlineData(RecordType.Svcb, "1 a. no-default-alpn=abc", "no value")]
    [InlineData(RecordType.Svcb, "1 a. mandatory=key123", "mandatory")]
    [InlineData(RecordType.Svcb, "1 a. mandatory=mandatory", "mandatory")]
    [InlineData(RecordType.Svcb, "1 a. mandatory=key123,key123 key123=abc", "mandatory")]
    [InlineData(RecordType.Svcb, "1 a. no-default-alpn", "needs alpn")]
    [InlineData(RecordType.Svcb, "1 a. key65535=a", "service parameter")]
    [InlineData(RecordType.Svcb, "1 a. key01=a", "service parameter")]
    [InlineData(RecordType.Svcb, "1 a. alpn=,h2", "alpn")]
    public void Wrong_text_is_refused_with_a_reason(RecordType type, string text, string reason)
    {
        Assert.False(RData.TryParse(type, text, DnsName.Root, out _, out string? error));
        Assert.Contains(reason, error, StringComparison.Ordinal);
        Assert.EndsWith(".", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_type_has_a_vector()
    {
        var covered = Vectors.Select(row => row.Data.Item1).ToHashSet();
        Assert.Superset(
            RandomRecords.Types.Where(type => type != (RecordType)300).ToHashSet(),
            covered
        );
    }

    [Fact]
    public void Random_data_of_every_type_survives_text_and_wire()
    {
        var random = new RandomRecords(42);
        foreach (RecordType type in RandomRecords.Types)
        {
            for (int i = 0; i < 300; i++)
            {
                byte[] wire = random.Data(type);
                WireError error = RData.TryCreate(type, wire, out RData data);
                Assert.True(
                    error == WireError.None,
                    $"{type.ToText()} {Convert.ToHexString(wire)}: {error}"
                );
                string text = data.ToString();
                RData parsed = RData.Parse(type, text);
                Assert.True(wire.AsSpan().SequenceEqual(parsed.Wire), $"{type.ToText()} {text}");
                Assert.Equal(text, parsed.ToString());
                // RFC 3597 section 5: every type can be written in the generic form.
                string generic =
                    wire.Length == 0 ? @"\# 0" : $@"\# {wire.Length} {Convert.ToHexString(wire)}";
                Assert.True(wire.AsSpan().SequenceEqual(RData.Parse(type, generic).Wire));
            }
        }
    }

    [Fact]
    public void Mutated_text_is_parsed_or_refused_and_never_throws()
    {
        var random = new Random(7);
        const string Noise = "\"\\();=,.@ \t\n0123456789abcZ-äé\0";
        string[] good = [.. Vectors.Select(row => row.Data.Item2)];
        for (int i = 0; i < 60_000; i++)
        {
            char[] text = good[random.Next(good.Length)].ToCharArray();
            for (int n = random.Next(1, 4); n > 0 && text.Length > 0; n--)
            {
                text[random.Next(text.Length)] = Noise[random.Next(Noise.Length)];
            }

            RecordType type = RandomRecords.Types[random.Next(RandomRecords.Types.Length)];
            if (RData.TryParse(type, text, DnsName.Root, out RData data, out string? error))
            {
                Assert.Equal(data, RData.Parse(type, data.ToString()));
            }
            else
            {
                Assert.NotEmpty(error);
            }
        }
    }
}
