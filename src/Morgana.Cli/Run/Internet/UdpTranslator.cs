using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Morgana.Cli.Run.Kernel;
using Morgana.Cli.Run.Links;
using Morgana.Cli.Run.Namespaces;
using Morgana.Cli.Run.Publishing;

namespace Morgana.Cli.Run.Internet;

/// <summary>
/// Lets a unikernel send UDP to the outside: it reads the packets that the private namespace routes into a TUN device,
/// sends their payloads from host sockets, and writes the answers back as packets. One fresh host socket, and so one
/// random port, for each pair of addresses and ports: what a resolver does against spoofing stays worth its trouble. Only
/// the address a flow was opened to can answer it. Everything but UDP is dropped.
/// </summary>
internal sealed class UdpTranslator : IDisposable
{
    /// <summary>At most so many flows at a time.</summary>
    public const int MaximumFlows = 1024;

    /// <summary>A flow is forgotten after so long without a packet.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);

    private readonly TunnelDevice tunnel;
    private readonly IHostSockets host;
    private readonly TimeProvider time;
    private readonly long start;
    private readonly Lock gate = new();
    private readonly FlowTable<Ipv4UdpPacket, Socket> flows = new(MaximumFlows, IdleTime);
    private readonly ITimer expiry;
    private volatile bool closed;

    /// <summary>Starts carrying between <paramref name="tunnel"/>, which it does not own, and host sockets.</summary>
    public UdpTranslator(TunnelDevice tunnel, IHostSockets host, TimeProvider time)
    {
        this.tunnel = tunnel;
        this.host = host;
        this.time = time;
        start = time.GetTimestamp();
        expiry = time.CreateTimer(_ => Expire(), null, IdleTime / 4, IdleTime / 4);
        new Thread(ReadPackets) { IsBackground = true, Name = "internet" }.Start();
    }

    private TimeSpan Now => time.GetElapsedTime(start);

    /// <inheritdoc/>
    public void Dispose()
    {
        // The reading thread stays in its read until the process ends; it holds nothing else.
        closed = true;
        expiry.Dispose();
        List<Socket> removed = [];
        lock (gate)
        {
            flows.Clear(removed);
        }

        removed.ForEach(socket => socket.Dispose());
    }

    private void Expire()
    {
        List<Socket> removed = [];
        lock (gate)
        {
            flows.Expire(Now, removed);
        }

        removed.ForEach(socket => socket.Dispose());
    }

    private unsafe void ReadPackets()
    {
        byte[] buffer = new byte[65536];
        while (!closed)
        {
            nint length;
            fixed (byte* data = buffer)
            {
                length = Syscalls.Read(tunnel.Descriptor, data, (nuint)buffer.Length);
            }

            if (length < 0)
            {
                return;
            }

            if (
                Ipv4UdpPacket.TryRead(
                    buffer.AsSpan(0, (int)length),
                    out Ipv4UdpPacket header,
                    out ReadOnlySpan<byte> payload
                )
            )
            {
                try
                {
                    SocketOf(header)?.Send(payload);
                }
                catch (Exception exception)
                    when (exception is SocketException or ObjectDisposedException)
                {
                    // Lost, as a datagram may be: no route, a closed port (an ICMP error of an earlier one shows up
                    // here), or the flow was just evicted.
                }
            }
        }
    }

    private Socket? SocketOf(Ipv4UdpPacket flow)
    {
        lock (gate)
        {
            if (closed)
            {
                return null;
            }

            if (flows.TryUse(flow, Now, out Socket? known))
            {
                return known;
            }
        }

        Socket socket = host.Bind(new IPEndPoint(IPAddress.Any, 0), ProtocolType.Udp);
        try
        {
            Span<byte> address = stackalloc byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(address, flow.Destination);
            socket.Connect(new IPEndPoint(new IPAddress(address), flow.DestinationPort));
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        List<Socket> removed = [];
        lock (gate)
        {
            flows.Add(flow, socket, Now, removed);
        }

        removed.ForEach(old => old.Dispose());
        _ = ReceiveAsync(flow, socket);
        return socket;
    }

    private async Task ReceiveAsync(Ipv4UdpPacket flow, Socket socket)
    {
        byte[] packet = GC.AllocateUninitializedArray<byte>(
            Ipv4UdpPacket.HeaderLength + Ipv4UdpPacket.MaximumPayload
        );
        Ipv4UdpPacket answer = new(
            flow.Destination,
            flow.DestinationPort,
            flow.Source,
            flow.SourcePort
        );
        while (true)
        {
            try
            {
                int length = await socket
                    .ReceiveAsync(packet.AsMemory(Ipv4UdpPacket.HeaderLength), SocketFlags.None)
                    .ConfigureAwait(false);
                lock (gate)
                {
                    if (!flows.TryUse(flow, Now, out Socket? current) || current != socket)
                    {
                        return;
                    }
                }

                Write(packet.AsSpan(0, answer.Write(packet, length)));
            }
            catch (SocketException exception)
                when (exception.SocketErrorCode != SocketError.OperationAborted)
            {
                // A closed port answered with ICMP: the unikernel sees silence, and the flow ends when idle.
            }
            catch (Exception exception)
                when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private unsafe void Write(ReadOnlySpan<byte> packet)
    {
        fixed (byte* data = packet)
        {
            _ = Syscalls.Write(tunnel.Descriptor, data, (nuint)packet.Length);
        }
    }
}
