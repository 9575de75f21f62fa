using Microsoft.Extensions.Logging;
using Morgana.Net;
using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>
/// A caching resolver on a stack: give it to a <see cref="DnsUdpServer"/>. It answers from its cache at once, and asks the authorities from the root down
/// for what it does not know. All protocol is in a state machine behind it; this opens a port for each question to a server, and keeps its timer.
/// </summary>
/// <remarks>To be used on the main loop's thread only.</remarks>
public sealed class RecursiveResolver : IDnsResponder, IResolverOutput, IDisposable
{
    private readonly IUdp _udp;
    private readonly TimeProvider _time;
    private readonly ResolverMachine _machine;
    private readonly ITimer _timer;
    private Instant _armed = Instant.Never;
    private bool _isDisposed;

    /// <summary>A resolver with an empty cache.</summary>
    /// <param name="udp">The stack by which servers are asked.</param>
    /// <param name="time">The clock; its timers fire on the main loop's thread.</param>
    /// <param name="random">Where ids come from; ports are drawn by the stack.</param>
    /// <param name="options">How it works; the defaults when null.</param>
    /// <param name="logger">Where it reports; nowhere when null.</param>
    /// <exception cref="ArgumentException">The options contradict themselves; the message says how.</exception>
    public RecursiveResolver(
        IUdp udp,
        TimeProvider time,
        IRandom random,
        ResolverOptions? options = null,
        ILogger? logger = null
    )
    {
        ArgumentNullException.ThrowIfNull(udp);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(random);
        _udp = udp;
        _time = time;
        _machine = new ResolverMachine(options ?? new ResolverOptions(), random, this, logger);
        _timer = time.CreateTimer(
            static state => ((RecursiveResolver)state!).Tick(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>What it has done so far.</summary>
    public ResolverCounters Counters => _machine.Counters;

    /// <inheritdoc/>
    public int Respond(ReadOnlySpan<byte> query, DnsPeer peer, Span<byte> answer)
    {
        int length = _machine.TakeQuery(query, peer, TimeOf(peer.ReceivedAt), answer);
        Arm();
        return length;
    }

    /// <summary>Stops: closes its ports; clients that wait get no answer.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _timer.Dispose();
        _machine.Stop();
    }

    bool IResolverOutput.Send(UpstreamQuery query, IpEndpoint server, ReadOnlySpan<byte> message)
    {
        IUdpSocket socket;
        try
        {
            // Port 0: a free one, drawn at random for this question alone (RFC 5452 section 9.2).
            socket = _udp.Open(
                0,
                (in UdpDatagram datagram) => Receive(query, datagram),
                (in UdpError error) => Lose(query, error)
            );
        }
        catch (InvalidOperationException)
        {
            return false;
        }

        query.Transport = socket;
        return socket.TrySend(server, message);
    }

    void IResolverOutput.Close(UpstreamQuery query)
    {
        query.Transport?.Dispose();
        query.Transport = null;
    }

    void IResolverOutput.Answer(DnsPeer client, ReadOnlySpan<byte> message) => client.Send(message);

    private void Receive(UpstreamQuery query, in UdpDatagram datagram)
    {
        _machine.TakeReply(query, datagram.Source, datagram.Payload, TimeOf(datagram.ReceivedAt));
        Arm();
    }

    /// <summary>When something came: by what the stack saw, but never before what the machine has been told already.</summary>
    private Instant TimeOf(Instant? receivedAt)
    {
        Instant at = receivedAt ?? _time.GetInstant();
        return at < _machine.Now ? _machine.Now : at;
    }

    private void Lose(UpstreamQuery query, in UdpError error)
    {
        if (error.Destination.Address == query.Server.Address)
        {
            _machine.TakeLoss(query, _time.GetInstant());
            Arm();
        }
    }

    private void Tick()
    {
        _armed = Instant.Never;
        if (!_isDisposed)
        {
            _machine.PassTime(_time.GetInstant());
            Arm();
        }
    }

    private void Arm()
    {
        // A timer that fires too early does no harm; setting it at each datagram would cost more.
        Instant next = _machine.NextDeadline;
        if (_isDisposed || next >= _armed)
        {
            return;
        }

        _armed = next;
        TimeSpan wait = next - _time.GetInstant();
        // Timers count whole milliseconds: round up, not to wake before the time.
        double milliseconds = Math.Ceiling(Math.Max(0, wait.TotalMilliseconds));
        _timer.Change(TimeSpan.FromMilliseconds(milliseconds), Timeout.InfiniteTimeSpan);
    }
}
