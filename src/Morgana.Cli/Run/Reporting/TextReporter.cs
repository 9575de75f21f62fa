using System.Text;
using Morgana.Cli.Run.Publishing;

namespace Morgana.Cli.Run.Reporting;

/// <summary>One readable line for each thing that a run does.</summary>
internal sealed class TextReporter(TextWriter output) : IRunReporter
{
    /// <inheritdoc/>
    public void Command(IReadOnlyList<string> command) =>
        output.WriteLine($"+ {ShellText.Join(command)}");

    /// <inheritdoc/>
    public void Published(PublishedPort port, string unikernel)
    {
        // Part of the line that Started writes.
    }

    /// <inheritdoc/>
    public void Started(StartedRun run) => output.WriteLine(Line(run));

    /// <inheritdoc/>
    public void Exited(int code, bool stopped, TimeSpan after)
    {
        if (stopped)
        {
            output.WriteLine("morgana: stopped.");
        }
    }

    /// <inheritdoc/>
    public void Note(string text) => output.WriteLine($"morgana: {text}");

    internal static string Line(StartedRun run)
    {
        StringBuilder line = new($"morgana: running {run.Image}");
        if (run.Network is { } network)
        {
            line.Append($" as {network.Unikernel} in a private network (gateway {network.Tap})");
            List<string> ways = [];
            if (run.ReachableFromHost)
            {
                ways.Add($"{network.Unikernel} from this machine");
            }

            foreach (PublishedPort port in run.Ports)
            {
                ways.Add($"{port.Host}/{port.ProtocolName} for its port {port.Port}");
            }

            line.Append(
                ways.Count > 0
                    ? $"; reach it at {string.Join(", ", ways)}"
                    : $"; reach it with: {run.Enter} ping {network.Unikernel}   (or publish a port with -p)"
            );
        }

        return line.Append("; Ctrl-C stops it").ToString();
    }
}
