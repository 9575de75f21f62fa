using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>
/// An IPv4 stack on a network device: ARP, ICMP and UDP. This is the thin driver: it moves frames between the device and the state
/// machines, and wakes them when they asked for it. All members are called on the main loop's thread only.
/// </summary>
public sealed class Ipv4Stack : IIpv4Stack, IDisposable
{
    /// <summary>Frames taken from the device in one turn, so that timers and other devices get theirs under load.</summary>
    public const int FramesPerTurn = 64;

    private static readonly TimeSpan LongestSleep = TimeSpan.FromHours(1);

    private readonly INetwork _network;
    private readonly Ipv4Configuration _configuration;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Ipv4Host _host;
    private readonly byte[] _frame;
    private readonly ITimer _timer;
    private Instant _armed = Instant.Never;
    private long _loggedConflicts;
    private AddressClaimState _loggedState;
    private Instant _turn;
    private bool _isInTurn;
    private bool _isStarted;
    private bool _isDisposed;

    /// <summary>Makes a stack; nothing is sent or received before <see cref="Start"/>.</summary>
    /// <param name="network">The device; the stack becomes its only receiver.</param>
    /// <param name="configuration">Our address, the gateway and options.</param>
    /// <param name="random">Where ports and identifications are drawn from.</param>
    /// <param name="time">The clock. Its timers call back on the main loop's thread.</param>
    /// <param name="logger">Hears of the start and of address conflicts. Default: nobody.</param>
    /// <exception cref="ArgumentException">The configuration cannot work; the message says why.</exception>
    public Ipv4Stack(
        INetwork network,
        Ipv4Configuration configuration,
        IRandom random,
        TimeProvider time,
        ILogger? logger = null
    )
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(time);
        _network = network;
        _configuration = configuration;
        _time = time;
        _logger = logger ?? NullLogger.Instance;
        _host = new Ipv4Host(
            configuration,
            network.HardwareAddress,
            network.Mtu,
            random,
            new NetworkSink(network)
        );
        _frame = new byte[EthernetFrame.HeaderLength + network.Mtu];
        _timer = time.CreateTimer(
            static state => ((Ipv4Stack)state!).OnTimer(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <inheritdoc/>
    public IpAddress Address => _host.Routes.Address;

    /// <summary>Our address and the prefix of the link.</summary>
    public IpPrefix Prefix => _host.Routes.Prefix;

    /// <summary>Whether the address is in use yet.</summary>
    public AddressClaimState ClaimState => _host.Arp.Claim.State;

    /// <summary>What the stack has seen.</summary>
    public StackCounters Counters => _host.Counters;

    internal Ipv4Host Host => _host;

    /// <inheritdoc/>
    public void Start()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_isStarted)
        {
            return;
        }

        _isStarted = true;
        Ipv4StackLog.Started(
            _logger,
            _network.Name,
            _network.HardwareAddress,
            _configuration.Prefix,
            _configuration.Gateway,
            _configuration.Mtu ?? _network.Mtu
        );
        _host.Start(_time.GetInstant());
        _network.OnReceivable(OnReceivable);
        EndTurn();
    }

    /// <inheritdoc/>
    public IUdpSocket Open(ushort localPort, UdpHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new UdpSocket(this, _host.Udp.Bind(localPort, handler, null));
    }

    /// <inheritdoc/>
    public IUdpSocket Open(ushort localPort, UdpHandler handler, UdpErrorHandler onError)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(onError);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return new UdpSocket(this, _host.Udp.Bind(localPort, handler, onError));
    }

    /// <summary>Stops: frames that still come are left to the device, datagrams that are still sent are lost.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _timer.Dispose();
        }
    }

    internal bool TrySend(
        UdpBinding binding,
        IpEndpoint destination,
        ReadOnlySpan<byte> payload,
        IpAddress source
    )
    {
        if (_isDisposed)
        {
            return false;
        }

        // Reading the clock is a system call in an image: all that happens in a turn happens at its beginning.
        bool sent = _host.Udp.TrySend(
            _isInTurn ? _turn : _time.GetInstant(),
            binding.Port,
            destination,
            payload,
            source
        );
        if (!_isInTurn)
        {
            Arm();
        }

        return sent;
    }

    internal void Release(UdpBinding binding) => _host.Udp.Release(binding);

    private void OnReceivable()
    {
        if (_isDisposed)
        {
            return;
        }

        _isInTurn = true;
        try
        {
            _turn = _time.GetInstant();
            for (int i = 0; i < FramesPerTurn && _network.TryReceive(_frame, out int length); i++)
            {
                _host.Receive(_turn, _frame.AsSpan(0, length));
            }
        }
        finally
        {
            EndTurn();
        }
    }

    private void OnTimer()
    {
        if (_isDisposed)
        {
            return;
        }

        _armed = Instant.Never;
        _isInTurn = true;
        try
        {
            _turn = _time.GetInstant();
            _host.Poll(_turn);
        }
        finally
        {
            EndTurn();
        }
    }

    private void EndTurn()
    {
        _isInTurn = false;
        AddressClaim claim = _host.Arp.Claim;
        if (claim.Conflicts != _loggedConflicts)
        {
            // The first time, and then whenever the number has doubled: a broken neighbour must not fill the log.
            if (claim.Conflicts >= 2 * _loggedConflicts)
            {
                _loggedConflicts = claim.Conflicts;
                Ipv4StackLog.Conflict(
                    _logger,
                    _network.Name,
                    Address,
                    claim.ConflictingHardware,
                    claim.Conflicts
                );
            }
        }

        if (claim.State != _loggedState)
        {
            _loggedState = claim.State;
            Ipv4StackLog.Claim(_logger, _network.Name, Address, claim.State);
        }

        Arm();
    }

    private void Arm()
    {
        Instant deadline = _host.NextDeadline;
        if (deadline == _armed || _isDisposed)
        {
            return;
        }

        _armed = deadline;
        if (deadline == Instant.Never)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            return;
        }

        // Timers count whole milliseconds and drop the rest: round up, lest the timer comes too early again and again.
        TimeSpan wait = deadline - _time.GetInstant() + TimeSpan.FromMilliseconds(1);
        _timer.Change(
            wait < TimeSpan.Zero ? TimeSpan.Zero
                : wait > LongestSleep ? LongestSleep
                : wait,
            Timeout.InfiniteTimeSpan
        );
    }
}
