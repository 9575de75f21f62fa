using System.Text;
using Microsoft.Extensions.Logging;
using Morgana.Runtime;

namespace Morgana.Net.Tests;

/// <summary>The driver: what it asks of the device and the clock.</summary>
public sealed class Ipv4StackTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly ReplayNetwork _network = new();
    private readonly RecordingLogger _log = new();
    private readonly Ipv4Stack _stack;

    public Ipv4StackTests() =>
        _stack = new Ipv4Stack(_network, Lab.Configuration, new SeededRandom(1), _time, _log);

    public void Dispose() => _stack.Dispose();

    [Fact]
    public void It_says_who_it_is()
    {
        Assert.Equal(Lab.Us, _stack.Address);
        Assert.Equal(Lab.Prefix, _stack.Prefix);
        Assert.Equal(AddressClaimState.Idle, _stack.ClaimState);
        _stack.Start();
        Assert.Equal(AddressClaimState.Announcing, _stack.ClaimState);
        Assert.Contains(
            "IPv4 10.0.0.2/24, gateway 10.0.0.1, MTU 1500",
            _log.Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Every_reason_to_drop_has_a_counter() =>
        Assert.All(
            Enum.GetValues<DropReason>(),
            reason => Assert.Equal(0, _stack.Counters.Dropped(reason))
        );

    [Fact]
    public void Nothing_is_sent_before_the_start_and_a_second_start_does_nothing()
    {
        using IUdpSocket socket = _stack.Open(0, (in UdpDatagram _) => { });
        Assert.False(socket.TrySend(new IpEndpoint(Lab.Peer, 9), "x"u8));
        Assert.Equal(0, _network.Sent);
        _stack.Start();
        _stack.Start();
        Assert.Equal(1, _network.Sent);
    }

    [Fact]
    public void The_timer_is_set_only_when_something_is_due_and_does_not_spin()
    {
        _stack.Start();
        _time.AdvanceSeconds(60);
        Assert.Equal(0, _time.Armed);
        int changes = _time.Changes;
        _time.AdvanceSeconds(3600);
        Assert.Equal(changes, _time.Changes);

        // A send from outside of a turn sets it for the answer that is awaited.
        using IUdpSocket socket = _stack.Open(0, (in UdpDatagram _) => { });
        Assert.True(socket.TrySend(new IpEndpoint(Lab.Neighbour, 9), "x"u8));
        Assert.Equal(1, _time.Armed);
        long sent = _network.Sent;
        _time.AdvanceSeconds(60);
        Assert.Equal(sent + 2, _network.Sent);
        Assert.Equal(0, _time.Armed);
        Assert.InRange(_time.Changes - changes, 1, 5);
    }

    [Fact]
    public void Datagrams_of_a_stream_do_not_touch_the_timer()
    {
        _stack.Start();
        _time.AdvanceSeconds(60);
        _network.Replay(Frames.ArpRequest(), 1);
        int changes = _time.Changes;
        _network.Replay(Frames.Ping("x"u8), 1_000);
        Assert.Equal(changes, _time.Changes);
    }

    [Fact]
    public void A_turn_reads_the_clock_once_however_many_datagrams_it_answers()
    {
        _stack.Start();
        _time.AdvanceSeconds(60);
        Instant now = _time.Now;
        List<Instant?> times = [];
        IUdpSocket? socket = null;
        socket = _stack.Open(
            7,
            (in UdpDatagram datagram) =>
            {
                times.Add(datagram.ReceivedAt);
                Assert.True(socket!.TrySend(datagram.Source, datagram.Payload));
            }
        );
        _network.Replay(Frames.ArpRequest(), 1);
        long sent = _network.Sent;
        int reads = _time.Reads;
        int turns = _network.Replay(Frames.Udp("x"u8), 10 * Ipv4Stack.FramesPerTurn);
        Assert.Equal(turns, _time.Reads - reads);
        Assert.Equal(sent + times.Count, _network.Sent);
        Assert.Equal(10 * Ipv4Stack.FramesPerTurn, times.Count);
        Assert.All(times, time => Assert.Equal(now, time));
        socket.Dispose();
    }

    [Fact]
    public void A_conflict_is_logged_without_filling_the_log()
    {
        _stack.Start();
        _network.Replay(
            Frames.Arp(ArpOperation.Request, Lab.OtherHardware, Lab.Us, Lab.Us),
            10_000
        );
        Assert.Contains("02:00:00:00:00:99", _log.Text, StringComparison.Ordinal);
        Assert.InRange(_log.Errors, 1, 15);
    }

    [Fact]
    public void Losses_are_told_to_the_socket_that_asks_for_them()
    {
        _stack.Start();
        List<UdpErrorKind> errors = [];
        IUdp udp = _stack;
        using IUdpSocket socket = udp.Open(
            0,
            (in UdpDatagram _) => { },
            (in UdpError error) => errors.Add(error.Kind)
        );
        socket.TrySend(new IpEndpoint(Lab.Neighbour, 9), "x"u8);
        _time.AdvanceSeconds(5);
        Assert.Equal([UdpErrorKind.HostUnreachable], errors);
    }

    [Fact]
    public void A_disposed_socket_frees_its_port_and_sends_no_more()
    {
        _stack.Start();
        IUdpSocket socket = _stack.Open(53, (in UdpDatagram _) => { });
        Assert.Throws<InvalidOperationException>(() => _stack.Open(53, (in UdpDatagram _) => { }));
        socket.Dispose();
        socket.Dispose();
        Assert.Throws<ObjectDisposedException>(() =>
            socket.TrySend(new IpEndpoint(Lab.Peer, 9), "x"u8)
        );
        using IUdpSocket next = _stack.Open(53, (in UdpDatagram _) => { });
        Assert.Equal(53, next.LocalPort);
    }

    [Fact]
    public void A_disposed_stack_is_silent()
    {
        _stack.Start();
        IUdpSocket socket = _stack.Open(53, (in UdpDatagram _) => { });
        long sent = _network.Sent;
        _stack.Dispose();
        Assert.False(socket.TrySend(new IpEndpoint(Lab.Peer, 9), "x"u8));
        _time.AdvanceSeconds(60);
        Assert.Equal(sent, _network.Sent);
        socket.Dispose();
        Assert.Throws<ObjectDisposedException>(() => _stack.Open(53, (in UdpDatagram _) => { }));
    }

    [Fact]
    public void A_handler_that_throws_does_not_stop_the_stack()
    {
        _stack.Start();
        using IUdpSocket socket = _stack.Open(
            7,
            (in UdpDatagram _) => throw new InvalidOperationException("the application's own")
        );
        Assert.Throws<InvalidOperationException>(() => _network.Replay(Frames.Udp("x"u8), 1));
        _network.Replay(Frames.ArpRequest(), 1);
        long sent = _network.Sent;
        _network.Replay(Frames.Ping("x"u8), 1);
        Assert.Equal(sent + 1, _network.Sent);
        _time.AdvanceSeconds(61);
        Assert.Equal(0, _time.Armed);
    }

    private sealed class RecordingLogger : ILogger
    {
        private readonly StringBuilder _text = new();

        public string Text => _text.ToString();

        public int Errors { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            Errors += logLevel >= LogLevel.Error ? 1 : 0;
            _text.AppendLine(formatter(state, exception));
        }
    }
}
