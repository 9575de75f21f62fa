using System.Text;
using System.Text.Json;
using Morgana.Cli.Run.Publishing;

namespace Morgana.Cli.Run.Reporting;

/// <summary>One JSON object a line for each thing that a run does, for programs that start images.</summary>
internal sealed class JsonReporter(TextWriter output) : IRunReporter
{
    /// <inheritdoc/>
    public void Command(IReadOnlyList<string> command) =>
        Write(
            "command",
            json =>
            {
                json.WriteStartArray("words");
                foreach (string word in command)
                {
                    json.WriteStringValue(word);
                }

                json.WriteEndArray();
            }
        );

    /// <inheritdoc/>
    public void Published(PublishedPort port, string unikernel) =>
        Write(
            "published",
            json =>
            {
                json.WriteString("protocol", port.ProtocolName);
                json.WriteString("host", port.Host.ToString());
                json.WriteString("unikernel", unikernel);
            }
        );

    /// <inheritdoc/>
    public void Started(StartedRun run) =>
        Write(
            "started",
            json =>
            {
                json.WriteString("image", run.Image);
                json.WriteNumber("process", run.Process);
                if (run.Network is { } network)
                {
                    json.WriteString("address", network.Unikernel.ToString());
                    json.WriteString("gateway", network.Tap.ToString());
                    json.WriteNumber("prefix", network.PrefixLength);
                    json.WriteBoolean("reachable", run.ReachableFromHost);
                    json.WriteString("enter", run.Enter);
                }
            }
        );

    /// <inheritdoc/>
    public void Exited(int code, bool stopped, TimeSpan after) =>
        Write(
            "exited",
            json =>
            {
                json.WriteNumber("code", code);
                json.WriteBoolean("stopped", stopped);
                json.WriteNumber("milliseconds", Math.Round(after.TotalMilliseconds, 1));
            }
        );

    /// <inheritdoc/>
    public void Note(string text) => Write("note", json => json.WriteString("text", text));

    private void Write(string name, Action<Utf8JsonWriter> members)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            json.WriteString("event", name);
            members(json);
            json.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        output.Flush();
    }
}
