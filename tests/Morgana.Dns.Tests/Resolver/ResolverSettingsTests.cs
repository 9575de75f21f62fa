namespace Morgana.Dns.Tests;

public class ResolverSettingsTests
{
    [Theory]
    [InlineData("10.0.0.3", "10.0.0.3")]
    [InlineData("10.0.0.3, 10.0.0.4,2001:db8::1", "10.0.0.3,10.0.0.4,2001:db8::1")]
    public void Root_hints_are_addresses_with_commas(string text, string expected) =>
        Assert.Equal(expected, RootHints.Parse(text, null).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(",")]
    [InlineData("10.0.0.3,")]
    [InlineData("a.root-servers.net")]
    public void Other_text_is_refused_with_what_to_write(string text) =>
        Assert.Contains(
            "10.0.0.3,10.0.0.4",
            Assert.Throws<FormatException>(() => RootHints.Parse(text, null)).Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void The_root_has_thirteen_servers_with_an_address_in_each_family()
    {
        Assert.Equal(13, RootHints.Internet.Servers.Count);
        Assert.All(
            RootHints.Internet.Servers,
            server => Assert.True(server.Addresses[0].IsV4 && server.Addresses[1].IsV6)
        );
        Assert.Equal(
            26,
            RootHints.Internet.Servers.SelectMany(s => s.Addresses).Distinct().Count()
        );
        Assert.Throws<ArgumentException>(() => new RootHints([]));
    }

    [Fact]
    public void Lists_of_names()
    {
        Assert.Equal(
            "test.,10.in-addr.arpa.",
            DnsNameList.Parse("test, 10.in-addr.arpa.", null).ToString()
        );
        Assert.Throws<FormatException>(() => DnsNameList.Parse("a..b", null));
        Assert.False(DnsNameList.TryParse("", null, out _));
    }
}
