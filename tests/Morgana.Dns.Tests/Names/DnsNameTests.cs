using System.Text;
using CsCheck;

namespace Morgana.Dns.Tests;

public class DnsNameTests
{
    private static readonly Gen<DnsName> Names = Gen.Int.Select(seed =>
    {
        var random = new RandomRecords(seed);
        random.Name();
        return random.Name();
    });

    [Theory]
    [InlineData(".", ".")]
    [InlineData("www.Example.COM.", "www.Example.COM.")]
    [InlineData("www.example.com", "www.example.com.")]
    [InlineData(@"a\.b.example.", @"a\.b.example.")]
    [InlineData(@"\065\046\000.example.", @"A\.\000.example.")]
    [InlineData(@"\(\)\;\""\@\$\\.", @"\(\)\;\""\@\$\\.")]
    [InlineData(@"a\ b.", @"a\032b.")]
    [InlineData("_sip._tcp.", "_sip._tcp.")]
    public void Text_is_read_and_printed_with_its_escapes(string text, string printed) =>
        Assert.Equal(printed, DnsName.Parse(text).ToString());

    [Theory]
    [InlineData("", "empty")]
    [InlineData("..", "nothing between two dots")]
    [InlineData(".a", "nothing between two dots")]
    [InlineData("a..b", "nothing between two dots")]
    [InlineData(@"a\", "backslash")]
    [InlineData(@"a\25", "backslash")]
    [InlineData(@"a\256", "backslash")]
    [InlineData(@"a\1b3", "backslash")]
    [InlineData("bücher.example", "xn--")]
    public void Text_that_is_no_name_is_refused_with_a_reason(string text, string reason)
    {
        Assert.False(DnsName.TryParse(text, null, out _));
        Assert.Contains(
            reason,
            Assert.Throws<FormatException>(() => DnsName.Parse(text)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_label_of_63_bytes_is_good_and_one_of_64_is_not()
    {
        Assert.Equal(65, DnsName.Parse(new string('a', 63)).Length);
        Assert.False(DnsName.TryParse(new string('a', 64), null, out _));
        Assert.True(DnsName.Root.TryPrepend(new byte[63], out _));
        Assert.False(DnsName.Root.TryPrepend(new byte[64], out _));
        Assert.False(DnsName.Root.TryPrepend([], out _));
    }

    [Fact]
    public void A_name_of_255_bytes_is_good_and_one_of_256_is_not()
    {
        string three = string.Concat(Enumerable.Repeat(new string('a', 63) + ".", 3));
        Assert.Equal(255, DnsName.Parse(three + new string('b', 61) + ".").Length);
        Assert.Equal(255, DnsName.Parse(three + new string('b', 61)).Length);
        Assert.False(DnsName.TryParse(three + new string('b', 62) + ".", null, out _));
        Assert.False(DnsName.TryParse(three + new string('b', 62), null, out _));
        DnsName most = DnsName.Parse(string.Concat(Enumerable.Repeat("a.", 127)));
        Assert.Equal(255, most.Length);
        Assert.Equal(127, most.LabelCount);
        Assert.False(most.TryPrepend("b"u8, out _));
    }

    [Fact]
    public void Names_without_a_final_dot_are_put_under_the_origin()
    {
        DnsName origin = DnsName.Parse("example.test.");
        Assert.Equal("www.example.test.", DnsName.Parse("www", origin).ToString());
        Assert.Equal("www.", DnsName.Parse("www.", origin).ToString());
        Assert.Equal(origin, DnsName.Parse("@", origin));
        Assert.Equal(@"\@.example.test.", DnsName.Parse(@"\@", origin).ToString());
    }

    [Fact]
    public void Case_does_not_count_in_equality_and_hash_but_is_kept()
    {
        DnsName a = DnsName.Parse("WWW.Example.org");
        DnsName b = DnsName.Parse("www.eXAMPLE.ORG");
        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.Equal("WWW.Example.org.", a.ToString());
        Assert.NotEqual(a, DnsName.Parse("www.example.orh"));
        // [ and { differ in the bit that tells A from a, and are not letters; neither are bytes above 127.
        Assert.NotEqual(DnsName.Parse("["), DnsName.Parse("{"));
        Assert.NotEqual(DnsName.Parse(@"\193"), DnsName.Parse(@"\225"));
    }

    [Fact]
    public void Names_are_sorted_as_RFC_4034_section_6_1_sorts_them()
    {
        string[] sorted =
        [
            "example.",
            "a.example.",
            "yljkjljk.a.example.",
            "Z.a.example.",
            "zABC.a.EXAMPLE.",
            "z.example.",
            @"\001.z.example.",
            "*.z.example.",
            @"\200.z.example.",
        ];
        DnsName[] names = [.. sorted.Select(text => DnsName.Parse(text))];
        for (int i = 0; i < names.Length; i++)
        {
            for (int j = 0; j < names.Length; j++)
            {
                Assert.Equal(i.CompareTo(j), Math.Sign(names[i].CompareTo(names[j])));
            }
        }
    }

    [Fact]
    public void Ancestors_are_found_at_label_boundaries_only()
    {
        DnsName name = DnsName.Parse("a.b.c.example.");
        Assert.Equal(DnsName.Parse("b.c.example."), name.Parent);
        Assert.Equal(DnsName.Parse("c.example."), name.Ancestor(2));
        Assert.Equal(DnsName.Root, name.Ancestor(0));
        Assert.Equal(name, name.Ancestor(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => name.Ancestor(5));
        Assert.Throws<ArgumentOutOfRangeException>(() => name.Ancestor(-1));
        Assert.True(name.IsAtOrBelow(DnsName.Parse("C.EXAMPLE.")));
        Assert.True(name.IsAtOrBelow(name));
        Assert.False(name.IsBelow(name));
        Assert.True(name.IsBelow(DnsName.Root));
        Assert.False(DnsName.Parse("xample.").IsAtOrBelow(DnsName.Parse("example.")));
        Assert.False(DnsName.Parse("anexample.").IsAtOrBelow(DnsName.Parse("example.")));
        // A label that holds the bytes of another name's wire form is not that name.
        Assert.False(DnsName.Parse(@"x\001a.").IsAtOrBelow(DnsName.Parse("a.")));
        Assert.Equal(DnsName.Root, DnsName.Root.Parent);
        Assert.Equal(
            DnsName.Parse("c.example."),
            name.CommonAncestor(DnsName.Parse("a.x.c.Example."))
        );
        Assert.Equal(DnsName.Root, name.CommonAncestor(DnsName.Parse("b.c.test.")));
        Assert.Equal(name.Parent, name.CommonAncestor(name.Parent));
    }

    [Fact]
    public void Suffixes_are_replaced_as_DNAME_does()
    {
        DnsName name = DnsName.Parse("a.b.old.example.");
        Assert.True(
            name.TryReplaceSuffix(
                DnsName.Parse("OLD.example."),
                DnsName.Parse("new.test."),
                out DnsName result
            )
        );
        Assert.Equal("a.b.new.test.", result.ToString());
        Assert.False(name.TryReplaceSuffix(DnsName.Parse("other."), DnsName.Root, out _));
        DnsName most = DnsName.Parse(string.Concat(Enumerable.Repeat("a.", 125)));
        Assert.False(name.TryReplaceSuffix(DnsName.Parse("example."), most, out _));
    }

    [Fact]
    public void Labels_are_enumerated_from_the_left()
    {
        var labels = new List<string>();
        foreach (ReadOnlySpan<byte> label in DnsName.Parse("www.example.test."))
        {
            labels.Add(Encoding.ASCII.GetString(label));
        }

        Assert.Equal(["www", "example", "test"], labels);
        Assert.True(DnsName.Parse("*.example.").IsWildcard);
        Assert.False(DnsName.Parse("*a.example.").IsWildcard);
    }

    [Fact]
    public void Every_name_survives_text_and_wire() =>
        Names.Sample(name =>
        {
            Assert.Equal(name.Wire, DnsName.Parse(name.ToString()).Wire);
            Assert.True(DnsName.TryRead(name.Wire, out DnsName read));
            Assert.Equal(name.Wire, read.Wire);
            Assert.Equal(name, name.ToLower());
            Assert.Equal(name.GetHashCode(), name.ToLower().GetHashCode());
            Assert.Equal(name.GetHashCode(), name.View.GetHashCode());
            Assert.Equal(0, name.CompareTo(name.ToLower()));
        });

    [Fact]
    public void Order_agrees_with_equality_and_with_itself() =>
        Gen.Select(Names, Names)
            .Sample(
                (a, b) =>
                {
                    Assert.Equal(a == b, a.CompareTo(b) == 0);
                    Assert.Equal(Math.Sign(a.CompareTo(b)), -Math.Sign(b.CompareTo(a)));
                    DnsName common = a.CommonAncestor(b);
                    Assert.True(a.IsAtOrBelow(common) && b.IsAtOrBelow(common));
                }
            );

    [Fact]
    public void Random_text_gives_a_name_or_false_and_never_throws() =>
        Gen.String[Gen.Char["ab.\\@019\"(é\0 "], 0, 300]
            .Sample(text =>
            {
                if (DnsName.TryParse(text, null, out DnsName name))
                {
                    Assert.Equal(name, DnsName.Parse(name.ToString()));
                }
            });

    [Fact]
    public void Dictionaries_are_searched_with_a_compressed_name_without_allocating()
    {
        byte[] message = new byte[40];
        "\u0003www\u0007Example\u0000"u8.CopyTo(message.AsSpan(12));
        message[25] = 3;
        "ftp"u8.CopyTo(message.AsSpan(26));
        message[29] = 0xc0;
        message[30] = 16;
        Assert.Equal(
            WireError.None,
            DnsNameView.TryRead(message, 25, out DnsNameView view, out int next)
        );
        Assert.Equal(31, next);
        Assert.False(view.IsContiguous);
        Assert.Equal("ftp.Example.", view.ToString());
        var map = new Dictionary<DnsName, int>(DnsNameComparer.Instance)
        {
            [DnsName.Parse("FTP.example.")] = 7,
        };
        var lookup = map.GetAlternateLookup<DnsNameView>();
        Assert.True(lookup.TryGetValue(view, out int value));
        Assert.Equal(7, value);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            lookup.TryGetValue(view, out _);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
