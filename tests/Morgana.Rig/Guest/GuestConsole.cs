namespace Morgana.Rig.Guest;

/// <summary>The guest's serial console, and what QEMU itself has to say: the last lines of it.</summary>
internal sealed class GuestConsole
{
    private const int Kept = 60;

    private readonly Queue<string> lines = [];
    private readonly Lock gate = new();
    private readonly List<(string Text, TaskCompletionSource Seen)> waiting = [];

    /// <summary>The lines that are kept.</summary>
    public string Tail()
    {
        lock (gate)
        {
            return string.Join('\n', lines);
        }
    }

    /// <summary>Waits for a line.</summary>
    public Task LineAsync(string text, CancellationToken cancellation)
    {
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (lines.Contains(text))
            {
                return Task.CompletedTask;
            }

            waiting.Add((text, seen));
        }

        return seen.Task.WaitAsync(cancellation);
    }

    /// <summary>Reads one of QEMU's streams until its end.</summary>
    public async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            Add(line.TrimEnd('\r'));
        }
    }

    /// <summary>Adds a line.</summary>
    public void Add(string line)
    {
        lock (gate)
        {
            lines.Enqueue(line);
            if (lines.Count > Kept)
            {
                lines.Dequeue();
            }

            foreach (
                (_, TaskCompletionSource seen) in waiting.Where(one =>
                    line.EndsWith(one.Text, StringComparison.Ordinal)
                )
            )
            {
                seen.TrySetResult();
            }
        }
    }
}
