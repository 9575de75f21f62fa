using System.Buffers.Binary;
using Morgana.Runtime;

namespace Network;

/// <summary>
/// Asks the other end of a wire, 10.0.N.1, who it is (ARP, RFC 826) and for echoes (ICMP, RFC 792), in frames made by hand: nothing
/// but the device is under test. This end is 10.0.N.2.
/// </summary>
internal sealed class Wire
{
    private const int EthernetHeader = 14;
    private readonly INetwork network;
    private readonly TimeProvider clock;
    private readonly byte subnet;
    private readonly byte[] received = new byte[70_000];
    private Func<ReadOnlySpan<byte>, bool>? wanted;
    private TaskCompletionSource<int>? arrived;

    public Wire(INetwork network, TimeProvider clock, byte subnet)
    {
        this.network = network;
        this.clock = clock;
        this.subnet = subnet;
        network.OnReceivable(Receive);
    }

    public INetwork Network => network;

    /// <summary>Frames that came, of any kind.</summary>
    public int Frames { get; private set; }

    /// <summary>The hardware address of the other end; null when it does not answer within some seconds.</summary>
    public async Task<byte[]?> AskAsync()
    {
        byte[] frame = new byte[60];
        frame.AsSpan(0, 6).Fill(0xff);
        Hardware(frame.AsSpan(6));
        // Ethernet, IPv4, lengths 6 and 4, request.
        ((ReadOnlySpan<byte>)[0x08, 0x06, 0, 1, 8, 0, 6, 4, 0, 1]).CopyTo(frame.AsSpan(12));
        Hardware(frame.AsSpan(22));
        Address(2).CopyTo(frame.AsSpan(28));
        Address(1).CopyTo(frame.AsSpan(38));
        byte[]? answer = await ExchangeAsync(
            frame,
            reply =>
                reply.Length >= 42
                && reply[12] == 8
                && reply[13] == 6
                && reply[21] == 2
                && reply.Slice(28, 4).SequenceEqual(Address(1))
        );
        return answer?[22..28];
    }

    /// <summary>Sends an echo request in a frame of a size.</summary>
    /// <param name="peer">Hardware address of the other end.</param>
    /// <param name="size">Bytes of the whole frame.</param>
    /// <returns>The frame of the echo reply; null when none comes.</returns>
    public Task<byte[]?> EchoAsync(byte[] peer, int size)
    {
        byte[] frame = new byte[size];
        peer.CopyTo(frame, 0);
        Hardware(frame.AsSpan(6));
        frame[12] = 8;
        Span<byte> ip = frame.AsSpan(EthernetHeader);
        ip[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)ip.Length);
        ip[6] = 0x40; // do not fragment
        ip[8] = 64;
        ip[9] = 1;
        Address(2).CopyTo(ip[12..]);
        Address(1).CopyTo(ip[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], Checksum(ip[..20]));
        Span<byte> icmp = ip[20..];
        icmp[0] = 8;
        icmp[4] = 0x4d;
        icmp[5] = (byte)size;
        for (int i = 8; i < icmp.Length; i++)
        {
            icmp[i] = (byte)(i * 31);
        }

        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], Checksum(icmp));
        return ExchangeAsync(
            frame,
            reply =>
                reply.Length >= EthernetHeader + 28
                && reply[12] == 8
                && reply[13] == 0
                && reply[EthernetHeader + 9] == 1
                && reply[EthernetHeader + 20] == 0
                && reply[EthernetHeader + 25] == (byte)size
        );
    }

    /// <summary>Whether the echo has what the request had.</summary>
    public static bool HasPayload(byte[] reply, int size) =>
        reply.Length == size
        && Enumerable
            .Range(8, size - EthernetHeader - 28)
            .All(i => reply[EthernetHeader + 20 + i] == (byte)(i * 31));

    private async Task<byte[]?> ExchangeAsync(byte[] frame, Func<ReadOnlySpan<byte>, bool> accept)
    {
        // The other end may still be coming up: a frame is lost then, as on any wire.
        for (int attempt = 0; attempt < 20; attempt++)
        {
            wanted = accept;
            arrived = new TaskCompletionSource<int>();
            _ = network.TrySend(frame);
            try
            {
                int length = await arrived.Task.WaitAsync(TimeSpan.FromMilliseconds(500), clock);
                return received[..length];
            }
            catch (TimeoutException)
            {
                wanted = null;
            }
        }

        return null;
    }

    private void Receive()
    {
        while (network.TryReceive(received, out int length))
        {
            Frames++;
            if (wanted is { } accept && accept(received.AsSpan(0, length)))
            {
                // What else came stays with the device until this one was looked at.
                wanted = null;
                arrived!.SetResult(length);
                return;
            }
        }
    }

    private byte[] Address(byte host) => [10, 0, subnet, host];

    private void Hardware(Span<byte> to) => network.HardwareAddress.Write(to);

    private static ushort Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        for (int i = 0; i < bytes.Length; i += 2)
        {
            sum += (uint)(bytes[i] << 8) + (i + 1 < bytes.Length ? bytes[i + 1] : 0u);
        }

        while (sum > 0xffff)
        {
            sum = (sum & 0xffff) + (sum >> 16);
        }

        return (ushort)~sum;
    }
}
