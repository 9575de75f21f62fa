using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Morgana.Rig.Guest;

namespace Morgana.Rig.Jobs;

/// <summary>A job that runs in the rig. Disposing it kills it and everything that it has started.</summary>
public sealed class RigJob : IAsyncDisposable
{
    private readonly Agent agent;
    private readonly int number;
    private readonly TcpClient[] connections;
    private readonly CapturedStream output;
    private readonly CapturedStream error;
    private readonly CancellationTokenSource stop;
    private readonly Task<int> end;

    private RigJob(
        Agent agent,
        int number,
        TcpClient[] connections,
        RigOutput copies,
        CancellationTokenSource stop
    )
    {
        (this.agent, this.number, this.connections, this.stop) = (agent, number, connections, stop);
        output = new CapturedStream(connections[1].GetStream(), copies.Output);
        error = new CapturedStream(connections[2].GetStream(), copies.Error);
        end = EndAsync();
    }

    /// <summary>What it has printed until now.</summary>
    public string Output => Encoding.UTF8.GetString(output.Bytes);

    /// <summary>What it has printed on standard error until now.</summary>
    public string Error => Encoding.UTF8.GetString(error.Bytes);

    /// <summary>Whether it has ended, in whatever way.</summary>
    public bool HasEnded => end.IsCompleted;

    /// <summary>Waits for a line of standard output with <paramref name="text"/> in it; the line.</summary>
    /// <exception cref="RigException">The job ended without it.</exception>
    /// <exception cref="TimeoutException">It did not come in two minutes, or the time given.</exception>
    public Task<string> OutputLineAsync(string text, TimeSpan? limit = null) =>
        LineAsync(output, text, limit);

    /// <summary>The same for standard error.</summary>
    /// <inheritdoc cref="OutputLineAsync"/>
    public Task<string> ErrorLineAsync(string text, TimeSpan? limit = null) =>
        LineAsync(error, text, limit);

    /// <summary>Waits for the job's end. When it lasts longer than the time given, two minutes if none is, the job is killed.</summary>
    /// <exception cref="TimeoutException">It was killed for lasting too long; the message holds what it had printed.</exception>
    /// <exception cref="RigException">The guest died.</exception>
    public async Task<RigResult> WaitAsync(TimeSpan? limit = null)
    {
        TimeSpan time = limit ?? Rig.Patience;
        try
        {
            int code = await end.WaitAsync(time);
            return new RigResult(code, output.Bytes, error.Bytes);
        }
        catch (TimeoutException)
        {
            await SignalAsync(PosixSignalName.Kill);
            throw new TimeoutException($"The job did not end in {time}. {Printed()}");
        }
    }

    /// <summary>Sends a signal to the job and all that it has started.</summary>
    /// <exception cref="RigException">The guest is dead.</exception>
    public async Task SignalAsync(PosixSignalName signal)
    {
        using CancellationTokenSource limit = Limited(agent.Ended);
        try
        {
            using TcpClient client = await agent.ConnectAsync(
                $"kill {number} {signal.ToString().ToUpperInvariant()}",
                limit.Token
            );
            // The agent closes the connection when the signal is sent.
            _ = await client.GetStream().ReadAsync(new byte[1], limit.Token);
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw agent.Failure("The rig's agent does not send a job a signal", broken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!end.IsCompleted)
        {
            try
            {
                await SignalAsync(PosixSignalName.Kill);
                _ = await end.WaitAsync(Rig.Patience);
            }
            catch (Exception broken) when (broken is TimeoutException or RigException)
            {
                // The guest is gone or does not answer: whoever starts the next job will be told.
            }
        }

        await stop.CancelAsync();
        foreach (TcpClient connection in connections)
        {
            connection.Dispose();
        }

        stop.Dispose();
    }

    /// <summary>Sends a job and returns when it has begun.</summary>
    /// <exception cref="RigException">The guest is dead, or does not answer in two minutes.</exception>
    internal static async Task<RigJob> StartAsync(
        Agent agent,
        int number,
        byte[] archive,
        RigOutput copies
    )
    {
        List<TcpClient> connections = [];
        try
        {
            using CancellationTokenSource limit = Limited(agent.Ended);
            TcpClient run = await agent.ConnectAsync($"run {number} {archive.Length}", limit.Token);
            connections.Add(run);
            await run.GetStream().WriteAsync(archive, limit.Token);
            string ready = await AgentLine.ReadAsync(run.GetStream(), limit.Token);
            if (ready != "ready")
            {
                throw agent.Failure($"The rig's agent answered \"{ready}\" to a job", null);
            }

            // The job begins when both of its pipes have a reader.
            connections.Add(await agent.ConnectAsync($"out {number}", limit.Token));
            connections.Add(await agent.ConnectAsync($"err {number}", limit.Token));
            return new RigJob(
                agent,
                number,
                [.. connections],
                copies,
                CancellationTokenSource.CreateLinkedTokenSource(agent.Ended)
            );
        }
        catch (Exception failure)
        {
            connections.ForEach(connection => connection.Dispose());
            if (IsBroken(failure))
            {
                throw agent.Failure("The rig does not take a job", failure);
            }

            throw;
        }
    }

    private static bool IsBroken(Exception exception) =>
        exception is IOException or SocketException or OperationCanceledException;

    private static CancellationTokenSource Limited(CancellationToken token)
    {
        CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(token);
        limit.CancelAfter(Rig.Patience);
        return limit;
    }

    private async Task<int> EndAsync()
    {
        string line;
        try
        {
            await Task.WhenAll(output.PumpAsync(stop.Token), error.PumpAsync(stop.Token));
            line = await AgentLine.ReadAsync(connections[0].GetStream(), stop.Token);
        }
        catch (Exception broken) when (IsBroken(broken))
        {
            throw agent.Failure($"The connection to a job is lost. {Printed()}", broken);
        }

        if (line.StartsWith("exit ", StringComparison.Ordinal))
        {
            return int.Parse(line.AsSpan(5), CultureInfo.InvariantCulture);
        }

        // A guest that dies is seen by its connections first: give the news a moment, for the message's sake.
        await Task.Delay(TimeSpan.FromSeconds(5), agent.Ended)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        throw agent.Failure($"The rig's agent ended a job with \"{line}\". {Printed()}", null);
    }

    private async Task<string> LineAsync(CapturedStream stream, string text, TimeSpan? limit)
    {
        using CancellationTokenSource patience = new(limit ?? Rig.Patience);
        try
        {
            return await stream.LineAsync(text, patience.Token)
                ?? throw (
                    agent.Ended.IsCancellationRequested
                        ? agent.Failure($"There was no line with \"{text}\". {Printed()}", null)
                        : new RigException(
                            $"The job ended without a line with \"{text}\". {Printed()}"
                        )
                );
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException(
                $"No line with \"{text}\" in {limit ?? Rig.Patience}. {Printed()}"
            );
        }
    }

    private string Printed() =>
        $"It had printed\n--- standard output\n{Output}--- standard error\n{Error}---";
}
