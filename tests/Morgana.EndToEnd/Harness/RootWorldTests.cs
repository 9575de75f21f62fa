using Morgana.EndToEnd.Clients;
using Morgana.EndToEnd.Network;
using Morgana.EndToEnd.Worlds;

namespace Morgana.EndToEnd.Harness;

/// <summary>
/// The world that the resolver is tested in is itself right: each server knows its own zones only. These tests need no
/// image.
/// </summary>
public sealed class RootWorldTests : IAsyncLifetime
{
    private RootWorld world = null!;

    public async ValueTask InitializeAsync() => world = await RootWorld.CreateAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact]
    public async Task Each_server_answers_or_refers_as_the_real_one_would()
    {
        DnsAnswer root = await AskAsync("198.41.0.4", "www.example.com", "A");
        Assert.Equal("NOERROR", root.Status);
        Assert.Empty(root.Answers);
        Assert.Contains(
            root.Authorities,
            record => record.EndsWith("IN NS a.gtld-servers.net.", StringComparison.Ordinal)
        );
        DnsAnswer last = await AskAsync("202.12.27.33", ".", "NS");
        Assert.Equal(13, last.Data("NS").Count);

        DnsAnswer commercial = await AskAsync("192.5.6.30", "www.example.com", "A");
        Assert.Contains(
            commercial.Authorities,
            record => record.EndsWith("IN NS ns1.example.com.", StringComparison.Ordinal)
        );
        DnsAnswer glueless = await AskAsync("192.5.6.30", "www.glueless.com", "A");
        Assert.Contains(
            glueless.Authorities,
            record => record.EndsWith("IN NS ns1.hoster.org.", StringComparison.Ordinal)
        );
        Assert.DoesNotContain("203.0.113.55", glueless.Text, StringComparison.Ordinal);

        DnsAnswer example = await AskAsync("203.0.113.53", "www.example.com", "A");
        Assert.Equal(["203.0.113.80"], example.Data("A"));
        Assert.Contains("aa", example.Flags);
        DnsAnswer hoster = await DnsClientProgram.KdigAsync(
            world.Space,
            "203.0.113.55",
            "www.glueless.com",
            "A"
        );
        Assert.Equal(["203.0.113.82"], hoster.Data("A"));
        DnsAnswer refused = await AskAsync("203.0.113.54", "www.example.com", "A");
        Assert.Equal("REFUSED", refused.Status);
    }

    [Fact]
    public async Task A_capture_sees_what_was_asked_and_nothing_else()
    {
        await using PacketCapture capture = await PacketCapture.StartAsync(
            world.Space,
            "any",
            "udp dst port 53"
        );
        await AskAsync("198.41.0.4", "seen.example.com", "A");
        IReadOnlyList<string> seen = await capture.SeenAsync("seen.example.com", MarkAsync);
        Assert.NotEmpty(seen);
        Assert.Empty(await capture.SeenAsync("never.example.com", MarkAsync));
    }

    private async Task MarkAsync(string name) => await AskAsync("198.41.0.4", name, "A");

    private Task<DnsAnswer> AskAsync(string server, string name, string type) =>
        DnsClientProgram.DigAsync(world.Space, server, name, type, "+norec");
}
