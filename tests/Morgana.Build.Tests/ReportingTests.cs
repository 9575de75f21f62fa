using System.Diagnostics;
using System.Text.Json;
using CsCheck;
using Morgana.Build.Plans;
using Morgana.Build.Reporting;

namespace Morgana.Build.Tests;

public sealed class ReportingTests
{
    private static BuildAction Action(string id, params string[] arguments) =>
        new()
        {
            Id = id,
            Kind = ActionKind.Program,
            Contexts = ["one"],
            Program = "printf",
            Arguments = ["%s\\n", .. arguments],
            Environment = ["A=b c"],
            Inputs = [],
            Outputs = [],
        };

    [Fact]
    public void A_command_can_be_pasted_into_a_shell()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "There is no POSIX shell.");
        Gen.String[Gen.Char[' ', '~'], 0, 10]
            .Array[1, 5]
            .Sample(
                arguments =>
                {
                    using Process shell = Process.Start(
                        new ProcessStartInfo(
                            "/bin/sh",
                            ["-c", CommandText.Of(Action("x", arguments), "/")]
                        )
                        {
                            RedirectStandardOutput = true,
                        }
                    )!;
                    string printed = shell.StandardOutput.ReadToEnd();
                    shell.WaitForExit();
                    Assert.Equal(string.Concat(arguments.Select(a => a + "\n")), printed);
                },
                iter: 25,
                threads: 1
            );
    }

    [Fact]
    public void A_trace_has_an_event_for_each_action_and_lanes_that_do_not_overlap()
    {
        using TemporaryFolder folder = new();
        ActionReport[] reports =
        [
            Report("a", 0, 10),
            Report("b", 5, 10),
            Report("c", 10, 3),
            Report("d", 20, 1),
        ];
        TraceFile.Write(folder["trace.json"], reports);

        using JsonDocument trace = JsonDocument.Parse(folder.Read("trace.json"));
        JsonElement[] events = [.. trace.RootElement.GetProperty("traceEvents").EnumerateArray()];
        Assert.Equal(
            ["a 0 10000 1", "b 5000 10000 2", "c 10000 3000 1", "d 20000 1000 1"],
            events.Select(e =>
                $"{e.GetProperty("name")} {e.GetProperty("ts")} {e.GetProperty("dur")} {e.GetProperty("tid")}"
            )
        );
        Assert.All(events, e => Assert.Equal("X", e.GetProperty("ph").GetString()));

        static ActionReport Report(string id, int start, int duration) =>
            new(
                Action(id),
                ActionOutcome.Ran,
                "why",
                "",
                TimeSpan.FromMilliseconds(start),
                TimeSpan.FromMilliseconds(duration)
            );
    }
}
