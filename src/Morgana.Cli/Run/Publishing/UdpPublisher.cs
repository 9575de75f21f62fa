using System.Net;
using System.Net.Sockets;

namespace Morgana.Cli.Run.Publishing;

/// <summary>
/// Carries datagrams between a host socket and a unikernel. Each client gets a flow: a socket of its own in the private
/// namespace, so the unikernel sees each client as another port and answers find their way back. Datagrams are carried
/// one to one, never split or joined; flows are bounded by a <see cref="FlowTable{TKey,TFlow}"/>.
/// </summary>
internal sealed class UdpPublisher : IDisposable
{
    /// <summary>At most so many clients at a time.</summary>
    public const int MaximumFlows = 1024;

    /// <summary>A client that is silent for so long is forgotten.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(60);

    private const int LargestDatagram = 65535;
    private readonly Socket host;
    private readonly Func<Socket> connectInside;
    private readonly TimeProvider time;
    private readonly long start;
    private readonly Lock gate = new();
    private readonly FlowTable<SocketAddress, Flow> flows;
    private readonly ITimer expiry;
    private volatile bool closed;

    /// <summary>Starts carrying between <paramref name="host"/>, which it owns, and what each call of
    /// <paramref name="connectInside"/> returns: a new UDP socket connected to the unikernel's port.</summary>
    public UdpPublisher(
        Socket host,
        Func<Socket> connectInside,
        TimeProvider time,
        int maximumFlows = MaximumFlows
    )
    {
        this.host = host;
        this.connectInside = connectInside;
        this.time = time;
        start = time.GetTimestamp();
        flows = new FlowTable<SocketAddress, Flow>(maximumFlows, IdleTime);
        expiry = time.CreateTimer(_ => Expire(), null, IdleTime / 4, IdleTime / 4);
        _ = ReceiveFromClientsAsync();
    }

    /// <summary>How many clients have a flow now.</summary>
    public int FlowCount
    {
        get
        {
            lock (gate)
            {
                return flows.Count;
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(start);

    /// <inheritdoc/>
    public void Dispose()
    {
        List<Flow> removed = [];
        lock (gate)
        {
            closed = true;
            flows.Clear(removed);
        }

        expiry.Dispose();
        host.Dispose();
        removed.ForEach(flow => flow.Socket.Dispose());
    }

    private void Expire()
    {
        List<Flow> removed = [];
        lock (gate)
        {
            flows.Expire(Now, removed);
        }

        removed.ForEach(flow => flow.Socket.Dispose());
    }

    private async Task ReceiveFromClientsAsync()
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(LargestDatagram);
        SocketAddress client = new(host.AddressFamily);
        while (!closed)
        {
            try
            {
                int length = await host.ReceiveFromAsync(buffer, SocketFlags.None, client)
                    .ConfigureAwait(false);
                Flow? flow = FlowOf(client);
                if (flow is not null)
                {
                    await flow
                        .Socket.SendAsync(buffer.AsMemory(0, length), SocketFlags.None)
                        .ConfigureAwait(false);
                }
            }
            catch (Exception exception)
                when (exception is SocketException or ObjectDisposedException)
            {
                // A datagram that cannot be carried is lost, as datagrams may be: the unikernel's port is closed (an
                // ICMP error shows up here), it does not answer ARP yet, or the flow was just evicted. The host
                // socket itself only fails by being closed, which ends the loop.
            }
        }
    }

    private Flow? FlowOf(SocketAddress client)
    {
        List<Flow> removed = [];
        Flow? flow;
        lock (gate)
        {
            if (closed)
            {
                return null;
            }

            if (flows.TryUse(client, Now, out flow))
            {
                return flow;
            }
        }

        SocketAddress key = Copy(client);
        flow = new Flow(connectInside(), key);
        lock (gate)
        {
            if (closed)
            {
                removed.Add(flow);
            }
            else
            {
                flows.Add(key, flow, Now, removed);
            }
        }

        removed.ForEach(old => old.Socket.Dispose());
        _ = ReceiveFromUnikernelAsync(flow);
        return flow;
    }

    private async Task ReceiveFromUnikernelAsync(Flow flow)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(LargestDatagram);
        while (true)
        {
            try
            {
                int length = await flow
                    .Socket.ReceiveAsync(buffer, SocketFlags.None)
                    .ConfigureAwait(false);
                lock (gate)
                {
                    if (!flows.TryUse(flow.Client, Now, out Flow? current) || current != flow)
                    {
                        return;
                    }
                }

                await host.SendToAsync(buffer.AsMemory(0, length), SocketFlags.None, flow.Client)
                    .ConfigureAwait(false);
            }
            catch (SocketException exception)
                when (exception.SocketErrorCode != SocketError.OperationAborted)
            {
                // "Port unreachable" from the unikernel or towards the client: the flow lives on until it is idle.
            }
            catch (Exception exception)
                when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static SocketAddress Copy(SocketAddress address)
    {
        SocketAddress copy = new(address.Family, address.Size);
        address.Buffer.Span[..address.Size].CopyTo(copy.Buffer.Span);
        copy.Size = address.Size;
        return copy;
    }

    private sealed record Flow(Socket Socket, SocketAddress Client);
}
