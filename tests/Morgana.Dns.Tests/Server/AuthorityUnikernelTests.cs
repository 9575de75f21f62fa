using Authority;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Morgana.Net;

namespace Morgana.Dns.Tests;

/// <summary>The unikernel of unikernels/authority with the zones of the demo, on a stack in memory.</summary>
public class AuthorityUnikernelTests
{
    private static readonly IpEndpoint Client = new(IpAddress.FromV4(10, 0, 0, 2), 5353);

    private static string[] Ask(string name, RecordType type, params string[] zones)
    {
        var udp = new FakeUdp();
        var local = new IpEndpoint(IpAddress.FromV4(10, 0, 0, 5), 53);
        using var unikernel = new AuthorityUnikernel(udp, NullLoggerFactory.Instance, zones);
        Assert.False(unikernel.RunAsync().IsCompleted);
        byte[] query = new byte[512];
        var writer = new MessageWriter(query);
        writer.TryWriteQuestion(new Question(DnsName.Parse(name), type));
        writer.TryWriteEdns(1232, ResponseCode.NoError, false);
        udp.Receive(Client, local, query[..writer.Finish()]);
        Assert.True(
            MessageReader.TryCreate(Assert.Single(udp.Sent).Payload, out MessageReader reader)
        );
        var lines = new List<string> { reader.Header.ResponseCode.ToString() };
        while (reader.TryReadRecord(out RecordView record))
        {
            if (record.Type is not (RecordType.Opt or RecordType.Soa))
            {
                lines.Add(
                    $"{record.Section} {record.Name.ToString()} {record.Type.ToText()} {record.Data.ToString()}"
                );
            }
        }

        return [.. lines];
    }

    [Fact]
    public void The_zones_of_the_demo_load_without_a_warning()
    {
        (string Name, string Text)[] files = [.. ZoneFiles.Read()];
        Assert.Equal(5, files.Length);
        foreach ((string name, string text) in files)
        {
            Assert.NotNull(
                Zone.Parse(
                    text,
                    new MasterFileOptions { FileName = name },
                    out IReadOnlyList<MasterFileIssue> issues
                )
            );
            Assert.Empty(issues);
        }
    }

    [Fact]
    public void Root_and_top_level_domain_refer_to_the_servers_below()
    {
        Assert.Equal(
            ["NoError", "Authority test. NS ns.test.", "Additional ns.test. A 10.0.0.4"],
            Ask("www.example.test.", RecordType.A, ".")
        );
        Assert.Equal(
            [
                "NoError",
                "Authority example.test. NS ns1.example.test.",
                "Additional ns1.example.test. A 10.0.0.5",
            ],
            Ask("www.example.test.", RecordType.A, "test", "sub.example.test.")
        );
        Assert.Equal(
            ["NoError", "Authority glueless.test. NS far.example.test."],
            Ask("host.glueless.test.", RecordType.A, "test")
        );
    }

    [Fact]
    public void The_zone_has_what_the_demo_asks_for()
    {
        string[] zones = ["example.test", "glueless.test"];
        Assert.Equal(
            ["NoError", "Answer example.test. A 192.0.2.10"],
            Ask("example.test.", RecordType.A, zones)
        );
        Assert.Equal(
            [
                "NoError",
                "Answer shop.example.test. CNAME store.example.test.",
                "Answer store.example.test. CNAME www.example.test.",
                "Answer www.example.test. AAAA 2001:db8::80",
            ],
            Ask("shop.example.test.", RecordType.Aaaa, zones)
        );
        Assert.Equal(
            ["NoError", "Answer x.y.wild.example.test. A 192.0.2.42"],
            Ask("x.y.wild.example.test.", RecordType.A, zones)
        );
        Assert.Equal(["NameError"], Ask("none.example.test.", RecordType.A, zones));
        Assert.Equal(["NoError"], Ask("mail.example.test.", RecordType.Txt, zones));
        Assert.Equal(
            [
                "NoError",
                "Authority sub.example.test. NS ns.sub.example.test.",
                "Additional ns.sub.example.test. A 10.0.0.4",
            ],
            Ask("host.sub.example.test.", RecordType.A, zones)
        );
        Assert.Equal(
            ["NoError", "Answer host.glueless.test. A 192.0.2.200"],
            Ask("host.glueless.test.", RecordType.A, zones)
        );
        Assert.Equal(["Refused"], Ask("test.", RecordType.Ns, zones));
        // Without --zone all of them are served.
        Assert.Equal(
            ["NoError", "Answer host.sub.example.test. A 192.0.2.120"],
            Ask("host.sub.example.test.", RecordType.A)
        );
    }

    [Fact]
    public async Task A_zone_that_the_image_does_not_have_ends_it_with_a_message()
    {
        var udp = new FakeUdp();
        using var log = new CollectingLog();
        using var unikernel = new AuthorityUnikernel(udp, log, ["example.org"]);
        Assert.Equal(AuthorityUnikernel.BadZone, await unikernel.RunAsync());
        Assert.False(udp.IsOpen(53));
        string line = Assert.Single(log.Lines);
        Assert.Contains("--zone=example.org", line, StringComparison.Ordinal);
        Assert.Contains("example.test.", line, StringComparison.Ordinal);
    }

    private sealed class CollectingLog : ILoggerFactory, ILogger
    {
        public List<string> Lines { get; } = [];

        public void AddProvider(ILoggerProvider provider) { }

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add(formatter(state, exception));

        public void Dispose() { }
    }
}
