using System.Diagnostics;
using System.Text;

namespace Morgana.EndToEnd.Processes;

/// <summary>
/// A program that a test started: what it prints is kept, a line can be waited for, and it never outlives the test.
/// Every wait has a limit, and its failure shows what the program had printed.
/// </summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    /// <summary>How long a wait lasts before the test fails, unless it says otherwise.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process process = new();
    private readonly StringBuilder output = new();
    private readonly StringBuilder errors = new();
    private readonly List<string> lines = [];
    private readonly Lock gate = new();
    private readonly string command;
    private TaskCompletionSource changed = Signal();
    private int openStreams = 2;

    private RunningProcess(string file, IReadOnlyList<string> arguments)
    {
        command = $"{file} {string.Join(' ', arguments)}";
        process.StartInfo = new ProcessStartInfo(file, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
    }

    /// <summary>The process id.</summary>
    public int Id => process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => process.HasExited;

    /// <summary>What it has printed on standard output so far.</summary>
    public string Output
    {
        get
        {
            lock (gate)
            {
                return output.ToString();
            }
        }
    }

    /// <summary>What it has printed on standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (gate)
            {
                return errors.ToString();
            }
        }
    }

    /// <summary>All lines of both streams, as they came.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (gate)
            {
                return [.. lines];
            }
        }
    }

    /// <summary>Starts <paramref name="file"/>.</summary>
    public static RunningProcess Start(
        string file,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? folder = null
    )
    {
        RunningProcess started = new(file, arguments);
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>())
        {
            started.process.StartInfo.Environment[name] = value;
        }

        started.process.StartInfo.WorkingDirectory = folder ?? "";
        started.process.OutputDataReceived += (_, data) =>
            started.Received(data.Data, started.output);
        started.process.ErrorDataReceived += (_, data) =>
            started.Received(data.Data, started.errors);
        started.process.Start();
        started.process.StandardInput.Close();
        started.process.BeginOutputReadLine();
        started.process.BeginErrorReadLine();
        return started;
    }

    /// <summary>Starts <paramref name="file"/>, waits for its end and returns its result.</summary>
    public static async Task<ProcessResult> RunAsync(
        string file,
        IReadOnlyList<string> arguments,
        TimeSpan? patience = null
    )
    {
        await using RunningProcess process = Start(file, arguments);
        int code = await process.ExitAsync(patience);
        return new ProcessResult(code, process.Output, process.Errors);
    }

    /// <summary>Waits for the end; the exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan? patience = null)
    {
        using CancellationTokenSource limit = new(patience ?? Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Did not end in {patience ?? Patience}: {this}");
        }
    }

    /// <summary>Waits for a line that contains <paramref name="text"/>, from now or before, on either stream.</summary>
    public Task<string> LineAsync(string text, TimeSpan? patience = null) =>
        LineAsync(
            line => line.Contains(text, StringComparison.Ordinal),
            $"a line with \"{text}\"",
            patience
        );

    /// <summary>Waits for a line that <paramref name="accept"/> takes.</summary>
    public async Task<string> LineAsync(
        Func<string, bool> accept,
        string what,
        TimeSpan? patience = null
    )
    {
        long deadline =
            Stopwatch.GetTimestamp()
            + (long)((patience ?? Patience).TotalSeconds * Stopwatch.Frequency);
        int seen = 0;
        while (true)
        {
            Task next;
            bool ended;
            lock (gate)
            {
                for (; seen < lines.Count; seen++)
                {
                    if (accept(lines[seen]))
                    {
                        return lines[seen];
                    }
                }

                next = changed.Task;
                ended = openStreams == 0;
            }

            TimeSpan left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), deadline);
            if (ended || left <= TimeSpan.Zero)
            {
                throw new TimeoutException(
                    $"{(ended ? "Ended" : "Waited too long")} without {what}: {this}"
                );
            }

            await Task.WhenAny(next, Task.Delay(left));
        }
    }

    /// <summary>Sends a signal.</summary>
    public void Send(PosixSignalNumber signal)
    {
        if (!process.HasExited)
        {
            _ = Kernel.Kill(process.Id, (int)signal);
        }
    }

    /// <summary>Resident memory in bytes, as the kernel counts it.</summary>
    public long ResidentMemory()
    {
        string line = File.ReadLines($"/proc/{process.Id}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(
                line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                System.Globalization.CultureInfo.InvariantCulture
            ) * 1024;
    }

    /// <summary>Kills what is left of it and its children.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.Dispose();
    }

    public override string ToString() =>
        $"{command}\n--- standard output\n{Output}--- standard error\n{Errors}---";

    private void Received(string? line, StringBuilder stream)
    {
        lock (gate)
        {
            if (line is null)
            {
                openStreams--;
            }
            else
            {
                stream.Append(line).Append('\n');
                lines.Add(line);
            }

            TaskCompletionSource waiting = changed;
            changed = Signal();
            waiting.SetResult();
        }
    }

    private static TaskCompletionSource Signal() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
