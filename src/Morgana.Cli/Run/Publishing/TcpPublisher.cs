using System.Net.Sockets;

namespace Morgana.Cli.Run.Publishing;

/// <summary>
/// Carries TCP connections between a listening host socket and a unikernel: for each accepted connection one through
/// the private namespace's stack. The end of a direction is passed on (half-close); a connection that the unikernel
/// refuses is reset for the client too.
/// </summary>
internal sealed class TcpPublisher : IDisposable
{
    /// <summary>At most so many connections at a time; further ones wait in the listener's queue.</summary>
    public const int MaximumConnections = 512;

    private const int BufferSize = 65536;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private readonly Socket listener;
    private readonly Func<CancellationToken, ValueTask<Socket>> connectInside;
    private readonly SemaphoreSlim places = new(MaximumConnections);
    private readonly CancellationTokenSource closing = new();

    /// <summary>Starts accepting on <paramref name="listener"/>, which it owns.</summary>
    public TcpPublisher(Socket listener, Func<CancellationToken, ValueTask<Socket>> connectInside)
    {
        this.listener = listener;
        this.connectInside = connectInside;
        _ = AcceptAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        closing.Cancel();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                await places.WaitAsync(closing.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                Socket client = await listener.AcceptAsync(closing.Token).ConfigureAwait(false);
                _ = ServeAsync(client);
            }
            catch (Exception exception)
                when (exception
                        is SocketException
                            or ObjectDisposedException
                            or OperationCanceledException
                )
            {
                // A client that went away while it was waiting; or we are closing, which ends the loop.
                places.Release();
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            using (client)
            {
                Socket inside;
                using (
                    CancellationTokenSource patience =
                        CancellationTokenSource.CreateLinkedTokenSource(closing.Token)
                )
                {
                    patience.CancelAfter(ConnectTimeout);
                    try
                    {
                        inside = await connectInside(patience.Token).ConfigureAwait(false);
                    }
                    catch (Exception exception)
                        when (exception is SocketException or OperationCanceledException)
                    {
                        Reset(client);
                        return;
                    }
                }

                using (inside)
                {
                    bool[] whole = await Task.WhenAll(
                            CopyAsync(client, inside),
                            CopyAsync(inside, client)
                        )
                        .ConfigureAwait(false);
                    if (!whole[0] || !whole[1])
                    {
                        Reset(client);
                        Reset(inside);
                    }
                }
            }
        }
        finally
        {
            places.Release();
        }
    }

    /// <summary>Copies until the end of <paramref name="from"/>; false when either side broke off.</summary>
    private async Task<bool> CopyAsync(Socket from, Socket to)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        try
        {
            while (true)
            {
                int count = await from.ReceiveAsync(buffer, SocketFlags.None, closing.Token)
                    .ConfigureAwait(false);
                if (count == 0)
                {
                    to.Shutdown(SocketShutdown.Send);
                    return true;
                }

                for (int sent = 0; sent < count; )
                {
                    sent += await to.SendAsync(
                            buffer.AsMemory(sent, count - sent),
                            SocketFlags.None,
                            closing.Token
                        )
                        .ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception)
            when (exception
                    is SocketException
                        or ObjectDisposedException
                        or OperationCanceledException
            )
        {
            // The other direction must not wait for a peer that is gone.
            Reset(from);
            Reset(to);
            return false;
        }
    }

    private static void Reset(Socket socket) => socket.Close(0);
}
