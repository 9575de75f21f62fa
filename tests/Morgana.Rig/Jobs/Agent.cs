using System.Net;
using System.Net.Sockets;
using Morgana.Rig.Guest;

namespace Morgana.Rig.Jobs;

/// <summary>The way to the program in the guest that takes jobs, as long as the guest lives.</summary>
/// <param name="port">The port of this machine that leads to it.</param>
/// <param name="console">The last lines of the guest's console, for when it has died.</param>
/// <param name="ended">Cancelled when the guest has died.</param>
#pragma warning disable CA1001 // The semaphore has no handle of the system unless one is asked for.
internal sealed class Agent(int port, Func<string> console, CancellationToken ended)
{
    /// <summary>Cancelled when the guest has died.</summary>
    public CancellationToken Ended => ended;

    // The guest's listener has room for one connection that is not accepted yet, and loses others: one after the other.
    private readonly SemaphoreSlim turn = new(1);

    /// <summary>Connects, and says what is wanted.</summary>
    public async Task<TcpClient> ConnectAsync(string line, CancellationToken cancellation)
    {
        TcpClient client = new() { NoDelay = true };
        try
        {
            await turn.WaitAsync(cancellation);
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
                string greeting = await AgentLine.ReadAsync(client.GetStream(), cancellation);
                if (greeting != "ok")
                {
                    throw new IOException($"The agent's greeting is \"{greeting}\".");
                }
            }
            finally
            {
                turn.Release();
            }

            await client
                .GetStream()
                .WriteAsync(System.Text.Encoding.ASCII.GetBytes(line + "\n"), cancellation);
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>What to say when the guest does not answer.</summary>
    public RigException Failure(string what, Exception? cause) =>
        new(
            $"{what}{(ended.IsCancellationRequested ? ": the rig's Linux has died" : "")}. Its console ends with\n{console()}",
            cause
        );
}
