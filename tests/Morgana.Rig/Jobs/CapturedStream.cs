using System.Buffers;
using System.Text;

namespace Morgana.Rig.Jobs;

/// <summary>What a job prints on one of its two streams: kept, passed on if somebody wants it, and awaited by its lines.</summary>
internal sealed class CapturedStream(Stream source, Stream? copy)
{
    private readonly ArrayBufferWriter<byte> content = new();
    private readonly Lock gate = new();
    private TaskCompletionSource changed = Signal();
    private bool ended;

    /// <summary>Everything until now.</summary>
    public byte[] Bytes
    {
        get
        {
            lock (gate)
            {
                return content.WrittenSpan.ToArray();
            }
        }
    }

    /// <summary>Reads until the end.</summary>
    public async Task PumpAsync(CancellationToken cancellation)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            int count;
            while ((count = await source.ReadAsync(buffer, cancellation)) > 0)
            {
                lock (gate)
                {
                    content.Write(buffer.AsSpan(0, count));
                    Wake();
                }

                if (copy is not null)
                {
                    await copy.WriteAsync(buffer.AsMemory(0, count), cancellation);
                    await copy.FlushAsync(cancellation);
                }
            }
        }
        finally
        {
            lock (gate)
            {
                ended = true;
                Wake();
            }
        }
    }

    /// <summary>Waits for a whole line with <paramref name="text"/> in it, printed before or from now on.</summary>
    /// <returns>The line; null when the stream ended without it.</returns>
    public async Task<string?> LineAsync(string text, CancellationToken cancellation)
    {
        while (true)
        {
            Task next;
            string printed;
            bool last;
            lock (gate)
            {
                printed = Encoding.UTF8.GetString(content.WrittenSpan);
                next = changed.Task;
                last = ended;
            }

            string[] lines = printed.Split('\n');
            foreach (string line in last ? lines : lines[..^1])
            {
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return line.TrimEnd('\r');
                }
            }

            if (last)
            {
                return null;
            }

            await next.WaitAsync(cancellation);
        }
    }

    private void Wake()
    {
        TaskCompletionSource waiting = changed;
        changed = Signal();
        waiting.SetResult();
    }

    private static TaskCompletionSource Signal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
