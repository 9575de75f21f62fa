using Microsoft.Extensions.Logging.Abstractions;
using Morgana.Runtime;

namespace Morgana.Net.Tests.HostSockets;

public sealed class HostStackTests
{
    private static readonly IpEndpoint Client = new(IpAddress.FromV4(198, 51, 100, 7), 40_000);

    private readonly FakeHost _host = new();

    [Fact]
    public void A_datagram_arrives_with_both_its_ends_and_the_answer_leaves_from_where_it_came()
    {
        HostStack stack = Stack();
        List<string> seen = [];
        IUdpSocket? socket = null;
        socket = stack.Open(
            53,
            (in UdpDatagram datagram) =>
            {
                seen.Add($"{datagram.Source} > {datagram.Destination}: {datagram.Payload.Length}");
                Assert.True(
                    socket!.TrySend(datagram.Source, datagram.Payload, datagram.Destination.Address)
                );
            }
        );
        _host.Deliver(53, Client, IpAddress.FromV4(127, 0, 0, 9), [1, 2, 3]);
        Assert.Equal(["198.51.100.7:40000 > 127.0.0.9:53: 3"], seen);
        Assert.Equal(["127.0.0.9 > 198.51.100.7:40000: 010203"], _host.Sent);
    }

    [Fact]
    public void Where_the_host_does_not_say_which_address_was_asked_it_chooses()
    {
        HostStack stack = Stack();
        IUdpSocket? socket = null;
        socket = stack.Open(
            53,
            (in UdpDatagram d) => socket!.TrySend(d.Source, d.Payload, d.Destination.Address)
        );
        _host.Deliver(53, Client, default, [1]);
        Assert.Equal(["0.0.0.0 > 198.51.100.7:40000: 01"], _host.Sent);
    }

    [Fact]
    public void A_turn_ends_after_64_datagrams_so_that_others_have_theirs()
    {
        HostStack stack = Stack();
        int count = 0;
        using IUdpSocket socket = stack.Open(53, (in UdpDatagram _) => count++);
        for (int i = 0; i < 100; i++)
        {
            _host.Enqueue(53, Client, default, [1]);
        }

        _host.Wake(53);
        Assert.Equal(64, count);
        _host.Wake(53);
        Assert.Equal(100, count);
    }

    [Fact]
    public void Ports_at_random_are_our_own_choice_and_taken_ones_are_passed_over()
    {
        HostStack stack = Stack();
        HashSet<ushort> ports = [];
        for (int i = 0; i < 200; i++)
        {
            Assert.True(ports.Add(stack.Open(0, (in UdpDatagram _) => { }).LocalPort));
        }

        Assert.All(ports, port => Assert.True(port >= 1024));
        // Ports of all the range, not of the host's part of it.
        Assert.Contains(ports, port => port < 32_768);
        Assert.Contains(ports, port => port > 60_999);
    }

    [Fact]
    public void A_handler_may_close_its_own_socket()
    {
        HostStack stack = Stack();
        IUdpSocket? socket = null;
        int count = 0;
        socket = stack.Open(
            53,
            (in UdpDatagram _) =>
            {
                count++;
                socket!.Dispose();
            }
        );
        _host.Enqueue(53, Client, default, [1]);
        _host.Enqueue(53, Client, default, [2]);
        _host.Wake(53);
        Assert.Equal(1, count);
        // The port is free again.
        stack.Open(53, (in UdpDatagram _) => { }).Dispose();
    }

    [Theory]
    [InlineData(HostSocketResult.Forbidden, 53, "--port:53=5353")]
    [InlineData(HostSocketResult.Forbidden, 53, "net.ipv4.ip_unprivileged_port_start=53")]
    [InlineData(HostSocketResult.Taken, 5353, "--port:5353=5354")]
    [InlineData(HostSocketResult.NoSuchAddress, 53, "Leave --ipv4 out")]
    [InlineData(HostSocketResult.Exhausted, 53, "ulimit -n")]
    [InlineData(HostSocketResult.Failed, 53, "port 53")]
    public void What_the_host_refuses_is_said_with_what_to_do(
        HostSocketResult result,
        int port,
        string part
    )
    {
        _host.Refusal = result;
        HostException refusal = Assert.Throws<HostException>(() =>
            Stack().Open((ushort)port, (in UdpDatagram _) => { })
        );
        Assert.Contains(part, refusal.Message, StringComparison.Ordinal);
    }

    private HostStack Stack() =>
        new(_host, default, new CountingRandom(), TimeProvider.System, NullLogger.Instance);

    private sealed class CountingRandom : IRandom
    {
        private readonly Random _random = new(1);

        public void Fill(Span<byte> destination) => _random.NextBytes(destination);
    }

    private sealed class FakeHost : IHostSockets
    {
        private readonly Dictionary<ushort, FakeSocket> _sockets = [];

        public HostSocketResult Refusal { get; set; }

        public List<string> Sent { get; } = [];

        public HostSocketResult TryOpen(
            uint address,
            ushort port,
            Action receivable,
            out IHostSocket? socket
        )
        {
            FakeSocket opened = new(this, port, receivable);
            HostSocketResult result =
                Refusal != HostSocketResult.Opened ? Refusal
                : _sockets.TryAdd(port, opened) ? HostSocketResult.Opened
                : HostSocketResult.Taken;
            socket = result == HostSocketResult.Opened ? opened : null;
            return result;
        }

        public void Enqueue(ushort port, IpEndpoint from, IpAddress to, byte[] payload) =>
            _sockets[port]
                .Waiting.Enqueue(
                    (payload, new HostDatagram(Bits(from.Address), Bits(to), from.Port))
                );

        public void Wake(ushort port) => _sockets[port].Receivable();

        public void Deliver(ushort port, IpEndpoint from, IpAddress to, byte[] payload)
        {
            Enqueue(port, from, to, payload);
            Wake(port);
        }

        private static uint Bits(IpAddress address)
        {
            byte[] bytes = new byte[4];
            if (address.IsV4)
            {
                address.Write(bytes);
            }

            return BitConverter.ToUInt32(bytes);
        }

        private sealed class FakeSocket(FakeHost host, ushort port, Action receivable) : IHostSocket
        {
            public Queue<(byte[] Payload, HostDatagram Ends)> Waiting { get; } = [];

            public Action Receivable => receivable;

            public bool TryReceive(Span<byte> buffer, out int length, out HostDatagram ends)
            {
                bool any = Waiting.TryDequeue(out (byte[] Payload, HostDatagram Ends) next);
                (length, ends) = any ? (next.Payload.Length, next.Ends) : (0, default);
                next.Payload?.CopyTo(buffer);
                return any;
            }

            public bool TrySend(ReadOnlySpan<byte> payload, HostDatagram ends)
            {
                host.Sent.Add(
                    $"{new System.Net.IPAddress(ends.Local)} > {new System.Net.IPAddress(ends.Remote)}:{ends.RemotePort}: {Convert.ToHexString(payload)}"
                );
                return true;
            }

            public void Dispose() => host._sockets.Remove(port);
        }
    }
}
