using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>
/// A whole IPv4 host without I/O and clock: frames and instants go in, frames come out of <see cref="IFrameSink"/>. The driver
/// <see cref="Ipv4Stack"/> puts a device and timers around it; tests and fuzzers drive it directly.
/// </summary>
internal sealed class Ipv4Host
{
    private readonly MacAddress _hardware;

    /// <exception cref="ArgumentException">The configuration cannot work; the message says why.</exception>
    public Ipv4Host(
        Ipv4Configuration configuration,
        MacAddress hardware,
        int deviceMtu,
        IRandom random,
        IFrameSink sink,
        ArpLimits? arpLimits = null,
        Ipv4ReassemblyLimits? reassemblyLimits = null
    )
    {
        int mtu = configuration.Mtu ?? deviceMtu;
        if (mtu < 68 || mtu > deviceMtu)
        {
            throw new ArgumentException(
                $"An MTU of {mtu} bytes does not work: IPv4 asks for at least 68 (RFC 791), and the device takes at most {deviceMtu}.",
                nameof(configuration)
            );
        }

        _hardware = hardware;
        RandomStream numbers = new(random);
        Counters = new StackCounters();
        CountingSink output = new(sink, Counters);
        Routes = new Ipv4Routes(configuration.Prefix, configuration.Gateway);
        ArpTransmitter transmitter = new(output, hardware, Routes.Address);
        Arp = new ArpLayer(
            Routes,
            hardware,
            transmitter,
            new ArpCache(
                arpLimits ?? ArpLimits.Default,
                EthernetFrame.HeaderLength + mtu,
                transmitter,
                output,
                Counters
            ),
            new AddressClaim(configuration.Claim, transmitter, numbers),
            Counters
        );
        Ipv4 = new Ipv4Layer(
            Routes,
            hardware,
            mtu,
            configuration.DontFragment,
            Arp,
            output,
            new Ipv4Identification(numbers),
            new Ipv4Reassembler(reassemblyLimits ?? Ipv4ReassemblyLimits.Default, Counters),
            Counters
        );
        IcmpLayer icmp = new(Ipv4, Routes, new IcmpErrorLimiter(numbers), Counters);
        Udp = new UdpLayer(Ipv4, icmp, numbers, Counters);
        Ipv4.ReportErrorsTo(icmp);
        Ipv4.Register(icmp);
        Ipv4.Register(Udp);
    }

    public Ipv4Routes Routes { get; }

    public ArpLayer Arp { get; }

    public Ipv4Layer Ipv4 { get; }

    public UdpLayer Udp { get; }

    public StackCounters Counters { get; }

    /// <summary>When <see cref="Poll"/> has something to do; may be early, never late.</summary>
    public Instant NextDeadline =>
        Arp.NextDeadline < Ipv4.NextDeadline ? Arp.NextDeadline : Ipv4.NextDeadline;

    public void Start(Instant now) => Arp.Claim.Start(now);

    /// <summary>Takes a frame from the wire, whatever it holds.</summary>
    public void Receive(Instant now, ReadOnlySpan<byte> bytes)
    {
        Counters.FramesReceived++;
        if (!EthernetFrame.TryParse(bytes, out EthernetFrame frame))
        {
            Counters.Drop(DropReason.EthernetTruncated);
            return;
        }

        MacAddress destination = frame.Destination;
        bool isBroadcast = destination == MacAddress.Broadcast;
        if (!isBroadcast && destination != _hardware)
        {
            Counters.Drop(DropReason.EthernetNotForUs);
            return;
        }

        MacAddress source = frame.Source;
        if (source.IsGroup || source == default || source == _hardware)
        {
            Counters.Drop(DropReason.EthernetBadSource);
            return;
        }

        switch (frame.EtherType)
        {
            case EtherType.Arp:
                Arp.Receive(now, frame.Payload);
                break;
            case EtherType.Ipv4:
                Ipv4.Receive(now, frame.Payload, isBroadcast);
                break;
            default:
                Counters.Drop(DropReason.EthernetUnknownType);
                break;
        }
    }

    /// <summary>Takes every step that is due.</summary>
    public void Poll(Instant now)
    {
        Arp.Poll(now, Ipv4);
        Ipv4.Poll(now);
    }
}
