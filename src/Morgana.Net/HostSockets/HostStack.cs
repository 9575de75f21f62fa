using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>
/// The IPv4 stack of the machine that the program runs on: UDP over the host's own sockets, without a network device and
/// without root. All members are called on the main loop's thread only.
/// </summary>
public sealed class HostStack : IIpv4Stack, IDisposable
{
    private const int LongestPayload = 65_507;
    private const int LowestRandomPort = 1024;
    private const int RandomPortTries = 128;

    private readonly IHostSockets _host;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RandomStream _random;
    private readonly HashSet<HostUdpSocket> _sockets = [];
    private bool _isDisposed;

    /// <summary>Makes a stack.</summary>
    /// <param name="host">The host's sockets.</param>
    /// <param name="address">The one address of this machine to serve on; the default for all of them.</param>
    /// <param name="random">Where ports are drawn from.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of the start.</param>
    public HostStack(
        IHostSockets host,
        IpAddress address,
        IRandom random,
        TimeProvider time,
        ILogger logger
    )
    {
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(logger);
        if (address.IsV6)
        {
            throw new ArgumentException(
                $"{address} is no IPv4 address, which is what this stack speaks."
            );
        }

        _host = host;
        _time = time;
        _logger = logger;
        _random = new RandomStream(random);
        Address = address.IsV4 ? address : IpAddress.AnyV4;
    }

    /// <inheritdoc/>
    public IpAddress Address { get; }

    /// <summary>The receive buffer of all sockets: only one is read at a time.</summary>
    internal byte[] Buffer { get; } = new byte[LongestPayload];

    /// <summary>
    /// The stack for a program that may or may not have been given a network device: Morgana's own on the device, else the
    /// host's. What target unix makes of a generic IPv4 stack.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="network">The device, attached or not.</param>
    /// <param name="prefix">Our address and the prefix of the link. With the host's sockets its address is that to serve on; the default is then all.</param>
    /// <param name="gateway">The router to other networks; the host has its own.</param>
    /// <param name="random">Where ports and identifications are drawn from.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of the start and of address conflicts.</param>
    /// <exception cref="ArgumentException">The device is there, and its address is missing or cannot work.</exception>
    public static IIpv4Stack Open(
        Machine machine,
        INetwork network,
        IpPrefix prefix,
        IpAddress gateway,
        IRandom random,
        TimeProvider time,
        ILogger logger
    )
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(network);
        if (network.IsAttached)
        {
            return prefix == default
                ? throw new ArgumentException(
                    $"With a network device ({network.Name}) an address is needed: --ipv4, as in --ipv4=10.0.0.2/24."
                )
                : new Ipv4Stack(
                    network,
                    new Ipv4Configuration { Prefix = prefix, Gateway = gateway },
                    random,
                    time,
                    logger
                );
        }

        return new HostStack(machine.HostSockets!, prefix.Address, random, time, logger);
    }

    /// <inheritdoc/>
    public void Start() => HostStackLog.Started(_logger, Address);

    /// <inheritdoc/>
    /// <exception cref="HostException">The port is taken or not for everybody, or the address is none of this machine.</exception>
    public IUdpSocket Open(ushort localPort, UdpHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        HostUdpSocket? socket;
        if (localPort != 0)
        {
            HostSocketResult result = TryOpen(localPort, handler, out socket);
            return socket ?? throw Refusal(result, localPort);
        }

        for (int i = 0; i < RandomPortTries; i++)
        {
            var port = (ushort)(
                LowestRandomPort + _random.NextBelow(ushort.MaxValue + 1 - LowestRandomPort)
            );
            HostSocketResult result = TryOpen(port, handler, out socket);
            if (socket is not null)
            {
                return socket;
            }

            if (result is not (HostSocketResult.Taken or HostSocketResult.Forbidden))
            {
                throw Refusal(result, port);
            }
        }

        throw new InvalidOperationException("No UDP port of this machine is free.");
    }

    /// <summary>Closes all sockets.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        foreach (HostUdpSocket socket in (HostUdpSocket[])[.. _sockets])
        {
            socket.Dispose();
        }
    }

    /// <summary>The time, as it is given to receivers of datagrams.</summary>
    internal Instant Now() => _time.GetInstant();

    internal void Forget(HostUdpSocket socket) => _sockets.Remove(socket);

    /// <summary>The four bytes of an IPv4 address as the host has them; 0 for none.</summary>
    internal static uint ToHost(IpAddress address) => address.IsV4 ? Swap(address.ToUInt32()) : 0;

    /// <summary>The address of four bytes as the host has them.</summary>
    internal static IpAddress FromHost(uint bytes) => IpAddress.FromV4(Swap(bytes));

    private static uint Swap(uint value) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private HostSocketResult TryOpen(ushort port, UdpHandler handler, out HostUdpSocket? socket)
    {
        HostUdpSocket made = new(this, port, handler);
        HostSocketResult result = _host.TryOpen(
            ToHost(Address),
            port,
            made.Receive,
            out IHostSocket? opened
        );
        socket = null;
        if (result == HostSocketResult.Opened)
        {
            made.Attach(opened!);
            _sockets.Add(made);
            socket = made;
        }

        return result;
    }

    private HostException Refusal(HostSocketResult result, ushort port)
    {
        int other = port < LowestRandomPort ? 5300 + port : port + 1;
        return new HostException(
            result switch
            {
                HostSocketResult.Forbidden =>
                    $"UDP port {port} of this machine is only for root. Take another one with --port:{port}={other} before the program's own arguments, allow it with sysctl net.ipv4.ip_unprivileged_port_start={port}, or give the program a network of its own (--net).",
                HostSocketResult.Taken =>
                    $"UDP port {port} of this machine is taken by another program. Take another one with --port:{port}={other} before the program's own arguments, or one address only with --ipv4, as in --ipv4=127.0.0.2/8.",
                HostSocketResult.NoSuchAddress =>
                    $"{Address} is no address of this machine. Leave --ipv4 out to serve on all of its addresses, or give the program a network of its own (--net).",
                HostSocketResult.Exhausted =>
                    "This machine gives no more sockets: raise the number of open files (ulimit -n).",
                _ => $"UDP port {port} of this machine cannot be opened.",
            }
        );
    }
}
