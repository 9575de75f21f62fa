using CsCheck;

namespace Morgana.Net.Tests;

public sealed class IpPrefixTests
{
    private static readonly Gen<IpPrefix> AnyPrefix = Gen.OneOf(
        Gen.Select(Gen.UInt, Gen.Int[0, 32])
            .Select((bits, length) => new IpPrefix(IpAddress.FromV4(bits), length)),
        Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 128])
            .Select(
                (high, low, length) =>
                    new IpPrefix(IpAddress.FromV6(new UInt128(high, low)), length)
            )
    );

    [Fact]
    public void Host_bits_are_kept_and_network_and_broadcast_follow()
    {
        IpPrefix prefix = IpPrefix.Parse("10.1.2.3/20", null);

        Assert.Equal("10.1.2.3", prefix.Address.ToString());
        Assert.Equal(20, prefix.Length);
        Assert.Equal("10.1.0.0", prefix.Network.ToString());
        Assert.Equal("10.1.15.255", prefix.Broadcast.ToString());
        Assert.True(prefix.Contains(IpAddress.Parse("10.1.15.254", null)));
        Assert.False(prefix.Contains(IpAddress.Parse("10.1.16.0", null)));
        Assert.False(prefix.Contains(IpAddress.Parse("::1", null)));
    }

    [Theory]
    [InlineData("10.0.0.2/31")]
    [InlineData("10.0.0.2/32")]
    [InlineData("2001:db8::1/64")]
    public void There_is_no_broadcast_where_the_RFCs_know_none(string text) =>
        Assert.Equal(default, IpPrefix.Parse(text, null).Broadcast);

    [Fact]
    public void A_prefix_of_length_zero_contains_everything_of_its_family()
    {
        Assert.True(
            IpPrefix.Parse("0.0.0.0/0", null).Contains(IpAddress.Parse("203.0.113.9", null))
        );
        Assert.True(IpPrefix.Parse("::/0", null).Contains(IpAddress.Parse("2001:db8::9", null)));
        Assert.False(default(IpPrefix).Contains(default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("10.0.0.2")]
    [InlineData("10.0.0.2/")]
    [InlineData("10.0.0.2/33")]
    [InlineData("10.0.0.2/024")]
    [InlineData("10.0.0.2/+4")]
    [InlineData("10.0.0.2/-4")]
    [InlineData("10.0.0.2/2 4")]
    [InlineData("10.0.0.2/24/24")]
    [InlineData("10.0.0/24")]
    [InlineData("2001:db8::1/129")]
    [InlineData("none")]
    public void Other_text_is_refused_with_an_example(string text)
    {
        Assert.False(IpPrefix.TryParse(text, null, out IpPrefix result));
        Assert.Equal(default, result);
        FormatException error = Assert.Throws<FormatException>(() => IpPrefix.Parse(text, null));
        Assert.Contains("10.0.0.2/24", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_length_that_does_not_fit_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new IpPrefix(Lab.Us, 33));

    [Fact]
    public void Text_round_trips() =>
        AnyPrefix.Sample(prefix => IpPrefix.Parse(prefix.ToString(), null) == prefix);

    [Fact]
    public void Network_and_broadcast_are_the_ends_of_what_is_contained() =>
        AnyPrefix.Sample(prefix =>
        {
            Assert.True(prefix.Contains(prefix.Address));
            Assert.True(prefix.Contains(prefix.Network));
            if (prefix.Broadcast.Family == IpFamily.V4)
            {
                Assert.True(prefix.Contains(prefix.Broadcast));
                uint next = prefix.Broadcast.ToUInt32() + 1;
                uint previous = prefix.Network.ToUInt32() - 1;
                Assert.Equal(prefix.Length == 0, prefix.Contains(IpAddress.FromV4(next)));
                Assert.Equal(prefix.Length == 0, prefix.Contains(IpAddress.FromV4(previous)));
            }
        });

    [Fact]
    public void Formatting_into_a_span_agrees_with_ToString() =>
        AnyPrefix.Sample(prefix =>
        {
            Span<char> room = stackalloc char[64];
            Assert.True(prefix.TryFormat(room, out int written, default, null));
            Assert.Equal(prefix.ToString(), new string(room[..written]));
            Assert.False(prefix.TryFormat(room[..(written - 1)], out _, default, null));
        });
}
