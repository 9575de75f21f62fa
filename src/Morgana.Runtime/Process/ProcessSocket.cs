using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Morgana.Runtime;

/// <summary>
/// One socket of <see cref="ProcessSockets"/>. Datagrams are taken on .NET's own threads, and wait in a queue for the main loop.
/// </summary>
internal sealed class ProcessSocket : IHostSocket
{
    /// <summary>As many wait as a usual socket's buffer holds; what comes on top is lost, as on any socket.</summary>
    private const int Waiting = 256;

    private const int Longest = 65_535;

    private readonly ConcurrentQueue<(byte[] Payload, HostDatagram Ends)> _received = new();
    private readonly Socket _socket;
    private readonly MainLoop _loop;
    private readonly Action _receivable;
    private volatile bool _isClosed;

    public ProcessSocket(Socket socket, MainLoop loop, Action receivable)
    {
        _socket = socket;
        _loop = loop;
        _receivable = receivable;
        _ = Task.Run(ReceiveAsync);
    }

    public bool TryReceive(Span<byte> buffer, out int length, out HostDatagram ends)
    {
        while (!_isClosed && _received.TryDequeue(out (byte[] Payload, HostDatagram Ends) next))
        {
            if (next.Payload.Length <= buffer.Length)
            {
                next.Payload.CopyTo(buffer);
                (length, ends) = (next.Payload.Length, next.Ends);
                return true;
            }
        }

        (length, ends) = (0, default);
        return false;
    }

    public bool TrySend(ReadOnlySpan<byte> payload, HostDatagram ends)
    {
        // .NET's sockets cannot choose the source of one datagram: bound to one address it is that, else the host's choice.
        try
        {
            return !_isClosed
                && _socket.SendTo(
                    payload,
                    new IPEndPoint(new IPAddress(ends.Remote), ends.RemotePort)
                ) == payload.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        _socket.Dispose();
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[Longest];
        IPEndPoint anybody = new(IPAddress.Any, 0);
        while (!_isClosed)
        {
            try
            {
                SocketReceiveMessageFromResult result = await _socket
                    .ReceiveMessageFromAsync(buffer, SocketFlags.None, anybody)
                    .ConfigureAwait(false);
                if (_received.Count < Waiting && result.RemoteEndPoint is IPEndPoint remote)
                {
                    _received.Enqueue(
                        (
                            buffer[..result.ReceivedBytes],
                            new HostDatagram(
                                Bits(remote.Address),
                                Bits(result.PacketInformation.Address),
                                (ushort)remote.Port
                            )
                        )
                    );
                    _loop.Post(_receivable);
                }
            }
            catch (SocketException) when (!_isClosed)
            {
                // Reports of lost datagrams, and of some that were too long.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static uint Bits(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[4];
        return
            address is { AddressFamily: AddressFamily.InterNetwork }
            && address.TryWriteBytes(bytes, out _)
            ? MemoryMarshal.Read<uint>(bytes)
            : 0;
    }
}
