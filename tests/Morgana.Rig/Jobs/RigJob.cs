using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Morgana.Rig.Guest;

namespace Morgana.Rig.Jobs;

/// <summary>A job that runs in the rig. Disposing it kills it and everything that it has started.</summary>
public sealed class RigJob : IAsyncDisposable
{
    private readonly Func<CancellationToken, Task<TcpClient>> connect;
    private readonly int number;
    private readonly TcpClient[] connections;
    private readonly CapturedStream output;
    private readonly CapturedStream error;
    private readonly CancellationTokenSource rigEnded;
    private readonly Task<int> end;

    private RigJob(
        Func<CancellationToken, Task<TcpClient>> connect,
        int number,
        TcpClient[] connections,
        RigOutput copies,
        CancellationTokenSource rigEnded
    )
    {
        (this.connect, this.number, this.connections, this.rigEnded) = (
            connect,
            number,
            connections,
            rigEnded
        );
        output = new CapturedStream(connections[1].GetStream(), copies.Output);
        error = new CapturedStream(connections[2].GetStream(), copies.Error);
        end = EndAsync();
    }

    /// <summary>What it has printed until now.</summary>
    public string Output => Encoding.UTF8.GetString(output.Bytes);

    /// <summary>What it has printed on standard error until now.</summary>
    public string Error => Encoding.UTF8.GetString(error.Bytes);

    /// <summary>Waits for a line of standard output with <paramref name="text"/> in it; the line.</summary>
    /// <exception cref="RigException">The job ended without it.</exception>
    /// <exception cref="TimeoutException">It did not come in a minute, or the time given.</exception>
    public Task<string> OutputLineAsync(string text, TimeSpan? limit = null) =>
        LineAsync(output, text, limit);

    /// <summary>The same for standard error.</summary>
    /// <inheritdoc cref="OutputLineAsync"/>
    public Task<string> ErrorLineAsync(string text, TimeSpan? limit = null) =>
        LineAsync(error, text, limit);

    /// <summary>Waits for the job's end. When it lasts longer than the time given, a minute if none is, the job is killed.</summary>
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
    public async Task SignalAsync(PosixSignalName signal)
    {
        using CancellationTokenSource limit = new(Rig.Patience);
        using TcpClient client = await connect(limit.Token);
        await SendAsync(
            client,
            $"kill {number} {signal.ToString().ToUpperInvariant()}\n",
            limit.Token
        );
        // The agent closes the connection when the signal is sent.
        _ = await client.GetStream().ReadAsync(new byte[1], limit.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!end.IsCompleted && !rigEnded.IsCancellationRequested)
        {
            try
            {
                await SignalAsync(PosixSignalName.Kill);
                _ = await end.WaitAsync(Rig.Patience);
            }
            catch (Exception broken)
                when (broken
                        is IOException
                            or SocketException
                            or OperationCanceledException
                            or TimeoutException
                            or RigException
                )
            {
                // The guest is gone, and the job with it.
            }
        }

        foreach (TcpClient connection in connections)
        {
            connection.Dispose();
        }

        rigEnded.Dispose();
    }

    internal static async Task<RigJob> StartAsync(
        Func<CancellationToken, Task<TcpClient>> connect,
        int number,
        byte[] archive,
        RigOutput copies,
        CancellationToken rigEnd
    )
    {
        // Not disposed here: the job keeps it.
        CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(rigEnd);
        TcpClient[] connections = new TcpClient[3];
        try
        {
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(
                rigEnd
            );
            limit.CancelAfter(Rig.Patience);
            connections[0] = await connect(limit.Token);
            await SendAsync(connections[0], $"run {number} {archive.Length}\n", limit.Token);
            await connections[0].GetStream().WriteAsync(archive, limit.Token);
            string ready = await ReadLineAsync(connections[0].GetStream(), limit.Token);
            if (ready != "ready")
            {
                throw new RigException($"The rig's agent answered \"{ready}\" to a job.");
            }

            connections[1] = await connect(limit.Token);
            await SendAsync(connections[1], $"out {number}\n", limit.Token);
            connections[2] = await connect(limit.Token);
            await SendAsync(connections[2], $"err {number}\n", limit.Token);
            return new RigJob(connect, number, connections, copies, ended);
        }
        catch
        {
            foreach (TcpClient? connection in connections)
            {
                connection?.Dispose();
            }

            ended.Dispose();
            throw;
        }
    }

    private async Task<int> EndAsync()
    {
        try
        {
            await Task.WhenAll(output.PumpAsync(rigEnded.Token), error.PumpAsync(rigEnded.Token));
            string line = await ReadLineAsync(connections[0].GetStream(), rigEnded.Token);
            return line.StartsWith("exit ", StringComparison.Ordinal)
                ? int.Parse(line.AsSpan(5), CultureInfo.InvariantCulture)
                : throw new RigException($"The rig's agent ended a job with \"{line}\".");
        }
        catch (Exception broken)
            when (broken is OperationCanceledException or IOException
                && rigEnded.IsCancellationRequested
            )
        {
            throw new RigException($"The rig's Linux died while a job ran. {Printed()}", broken);
        }
    }

    private async Task<string> LineAsync(CapturedStream stream, string text, TimeSpan? limit)
    {
        using CancellationTokenSource patience = new(limit ?? Rig.Patience);
        try
        {
            return await stream.LineAsync(text, patience.Token);
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

    private static async Task SendAsync(
        TcpClient client,
        string line,
        CancellationToken cancellation
    ) => await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(line), cancellation);

    // The agent's answers are a few bytes: read one at a time, since nothing after the line may be taken.
    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancellation)
    {
        StringBuilder line = new();
        byte[] one = new byte[1];
        while (await stream.ReadAsync(one, cancellation) == 1 && one[0] != '\n')
        {
            line.Append((char)one[0]);
        }

        return line.ToString();
    }
}
