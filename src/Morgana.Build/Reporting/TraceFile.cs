using System.Text.Json;

namespace Morgana.Build.Reporting;

/// <summary>Writes what a build did as a trace that browsers' trace viewers open (the Trace Event Format: an array of complete events, in microseconds).</summary>
public static class TraceFile
{
    /// <summary>Writes the file.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, IEnumerable<ActionReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("displayTimeUnit", "ms");
            json.WriteStartArray("traceEvents");

            // A lane is free again when the action in it has ended.
            List<TimeSpan> lanes = [];
            foreach (ActionReport report in reports.OrderBy(report => report.Start))
            {
                int lane = lanes.FindIndex(end => end <= report.Start);
                if (lane < 0)
                {
                    lane = lanes.Count;
                    lanes.Add(default);
                }

                lanes[lane] = report.Start + report.Duration;
                json.WriteStartObject();
                json.WriteString("name", report.Action.Id);
                json.WriteString("cat", report.Action.Kind.ToString());
                json.WriteString("ph", "X");
                json.WriteNumber("ts", (long)report.Start.TotalMicroseconds);
                json.WriteNumber("dur", (long)report.Duration.TotalMicroseconds);
                json.WriteNumber("pid", 1);
                json.WriteNumber("tid", lane + 1);
                json.WriteStartObject("args");
                json.WriteString("outcome", report.Outcome.ToString());
                json.WriteString("reason", report.Reason);
                json.WriteString("contexts", string.Join(' ', report.Action.Contexts));
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        AtomicFile.Write(path, stream.ToArray());
    }
}
