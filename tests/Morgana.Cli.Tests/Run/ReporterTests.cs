using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Morgana.Cli.Run;
using Morgana.Cli.Run.Publishing;
using Morgana.Cli.Run.Reporting;

namespace Morgana.Cli.Tests.Run;

public sealed class ReporterTests
{
    private static readonly NetworkPlan Network = NetworkPlan.FromArguments([]);
    private static readonly PublishedPort Port = new(
        IPEndPoint.Parse("0.0.0.0:5353"),
        53,
        ProtocolType.Udp
    );

    [Fact]
    public void The_start_line_names_every_way_to_the_unikernel() =>
        Assert.Equal(
            "morgana: running dist/resolver.spt as 10.0.0.2 in a private network (gateway 10.0.0.1); reach it at 10.0.0.2 "
                + "from this machine, 0.0.0.0:5353/udp for its port 53; Ctrl-C stops it",
            TextReporter.Line(
                new StartedRun("dist/resolver.spt", 7, Network, true, "nsenter -t 7 -n", [Port])
            )
        );

    [Fact]
    public void Without_a_way_it_names_the_command_that_goes_inside() =>
        Assert.Contains(
            "nsenter -t 7 -n ping 10.0.0.2",
            TextReporter.Line(new StartedRun("x.spt", 7, Network, false, "nsenter -t 7 -n", [])),
            StringComparison.Ordinal
        );

    [Fact]
    public void An_image_without_a_network_has_a_short_line() =>
        Assert.Equal(
            "morgana: running x.spt; Ctrl-C stops it",
            TextReporter.Line(new StartedRun("x.spt", 7, null, false, "", []))
        );

    [Fact]
    public void Json_is_one_object_a_line()
    {
        StringWriter text = new();
        JsonReporter reporter = new(text);
        reporter.Published(Port, "10.0.0.2:53");
        reporter.Started(new StartedRun("x \"y\".spt", 7, Network, true, "nsenter", [Port]));
        reporter.Exited(7, true, TimeSpan.FromMilliseconds(12.34));
        string[] lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        JsonElement[] events = [.. lines.Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(
            ["published", "started", "exited"],
            events.Select(e => e.GetProperty("event").GetString())
        );
        Assert.Equal("0.0.0.0:5353", events[0].GetProperty("host").GetString());
        Assert.Equal("x \"y\".spt", events[1].GetProperty("image").GetString());
        Assert.Equal("10.0.0.2", events[1].GetProperty("address").GetString());
        Assert.Equal(7, events[2].GetProperty("code").GetInt32());
    }
}
