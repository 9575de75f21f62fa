using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>
/// IPv4 for a host (RFC 791, RFC 1122 section 3): checks what comes in and hands it to the protocol above; finds the next hop of what
/// goes out, cuts it to the MTU and wraps it into frames. Nothing is ever forwarded.
/// </summary>
internal sealed class Ipv4Layer : IIpOutput, IReassemblyTimeouts, IUnresolvedFrames
{
    private readonly Ipv4Routes _routes;
    private readonly MacAddress _hardware;
    private readonly int _mtu;
    private readonly bool _dontFragment;
    private readonly ArpLayer _arp;
    private readonly IFrameSink _sink;
    private readonly Ipv4Identification _identification;
    private readonly Ipv4Reassembler _reassembler;
    private readonly StackCounters _counters;
    private readonly IIpProtocol?[] _protocols = new IIpProtocol?[256];
    private readonly byte[] _frame;
    private IIcmpErrors? _errors;

    public Ipv4Layer(
        Ipv4Routes routes,
        MacAddress hardware,
        int mtu,
        bool dontFragment,
        ArpLayer arp,
        IFrameSink sink,
        Ipv4Identification identification,
        Ipv4Reassembler reassembler,
        StackCounters counters
    )
    {
        _routes = routes;
        _hardware = hardware;
        _mtu = mtu;
        _dontFragment = dontFragment;
        _arp = arp;
        _sink = sink;
        _identification = identification;
        _reassembler = reassembler;
        _counters = counters;
        _frame = new byte[EthernetFrame.HeaderLength + mtu];
    }

    public Ipv4Reassembler Reassembler => _reassembler;

    public Instant NextDeadline => _reassembler.NextDeadline;

    /// <summary>Adds a protocol above; later ones replace earlier ones of the same number.</summary>
    public void Register(IIpProtocol protocol) => _protocols[(byte)protocol.Protocol] = protocol;

    /// <summary>Names who tells senders of what could not be delivered.</summary>
    public void ReportErrorsTo(IIcmpErrors errors) => _errors = errors;

    /// <param name="linkBroadcast">The frame was sent to every station.</param>
    public void Receive(Instant now, ReadOnlySpan<byte> bytes, bool linkBroadcast)
    {
        if (!Ipv4Packet.TryParse(bytes, out Ipv4Packet packet, out DropReason reason))
        {
            _counters.Drop(reason);
            return;
        }

        IpAddress destination = packet.Destination;
        bool isBroadcast = _routes.IsBroadcast(destination);
        // A datagram for one host in a frame for all is not taken (RFC 1122 section 3.3.6).
        if (!isBroadcast && (linkBroadcast || destination != _routes.Address))
        {
            _counters.Drop(DropReason.Ipv4NotForUs);
            return;
        }

        IpAddress source = packet.Source;
        if (!_routes.IsUnicast(source) || source == _routes.Address)
        {
            _counters.Drop(DropReason.Ipv4Martian);
            return;
        }

        if (!_arp.Claim.IsUsable)
        {
            _counters.Drop(DropReason.Ipv4AddressNotReady);
            return;
        }

        if (Ipv4Options.HasSourceRoute(packet.Options))
        {
            _counters.Drop(DropReason.Ipv4SourceRoute);
            return;
        }

        if (!packet.IsFragment)
        {
            Deliver(
                now,
                packet.Protocol,
                new IpDelivery
                {
                    Source = source,
                    Destination = destination,
                    Header = packet.Header,
                    Payload = packet.Payload,
                    IsBroadcast = isBroadcast || linkBroadcast,
                }
            );
            return;
        }

        Ipv4Reassembly? whole = _reassembler.Add(now, packet, isBroadcast || linkBroadcast);
        if (whole is null)
        {
            return;
        }

        try
        {
            Deliver(
                now,
                whole.Protocol,
                new IpDelivery
                {
                    Source = whole.Source,
                    Destination = whole.Destination,
                    Header = whole.Header,
                    Payload = whole.Payload,
                    IsBroadcast = whole.IsBroadcast,
                }
            );
        }
        finally
        {
            whole.Release();
        }
    }

    public void Poll(Instant now) => _reassembler.Poll(now, this);

    public bool TrySend(
        Instant now,
        IpAddress source,
        IpAddress destination,
        IpProtocol protocol,
        ReadOnlySpan<byte> header,
        ReadOnlySpan<byte> payload
    )
    {
        int length = header.Length + payload.Length;
        if (
            !_arp.Claim.IsUsable
            || (source.Family != IpFamily.None && source != _routes.Address)
            || length > Ipv4Packet.MaximumLength - Ipv4Header.Length
            || (_dontFragment && length > _mtu - Ipv4Header.Length)
            || !_routes.TryRoute(destination, out IpAddress nextHop)
        )
        {
            return false;
        }

        MacAddress station = MacAddress.Broadcast;
        bool wait = false;
        if (!_routes.IsBroadcast(nextHop))
        {
            ArpLookup lookup = _arp.Cache.Lookup(now, nextHop, out station);
            wait = lookup == ArpLookup.Resolving;
            if (lookup == ArpLookup.Refused)
            {
                return false;
            }
        }

        // All fragments but the last carry a multiple of 8 bytes.
        int room = _mtu - Ipv4Header.Length;
        int step = length <= room ? length : room & ~7;
        if (wait && length > room && !_arp.Cache.MayWait((length + step - 1) / step))
        {
            return false;
        }

        EthernetFrame.WriteHeader(_frame, station, _hardware, EtherType.Ipv4);
        ushort identification = _identification.Next();
        int offset = 0;
        do
        {
            int count = length - offset <= room ? length - offset : step;
            new Ipv4Header
            {
                Source = _routes.Address,
                Destination = destination,
                Protocol = protocol,
                Identification = identification,
                DontFragment = _dontFragment,
                MoreFragments = offset + count < length,
                FragmentOffset = offset,
            }.Write(_frame.AsSpan(EthernetFrame.HeaderLength), count);
            CopyParts(
                header,
                payload,
                offset,
                _frame.AsSpan(EthernetFrame.HeaderLength + Ipv4Header.Length, count)
            );
            ReadOnlySpan<byte> frame = _frame.AsSpan(
                0,
                EthernetFrame.HeaderLength + Ipv4Header.Length + count
            );
            if (wait ? !_arp.Cache.TryKeep(nextHop, frame) : !_sink.TrySend(frame))
            {
                return false;
            }

            offset += count;
        } while (offset < length);

        return true;
    }

    public IpAddress SourceFor(IpAddress destination) =>
        _routes.TryRoute(destination, out _) ? _routes.Address : default;

    public void OnReassemblyTimeout(Instant now, in IpDelivery firstFragment) =>
        _errors?.ReassemblyTimeExceeded(now, firstFragment);

    public void OnUnresolved(Instant now, ReadOnlySpan<byte> frame) =>
        ReportLoss(
            now,
            frame[EthernetFrame.HeaderLength..],
            UdpErrorKind.HostUnreachable,
            _routes.Address,
            0
        );

    /// <summary>Tells the protocol above that a datagram of ours got lost.</summary>
    /// <param name="quoted">The datagram from its IP header on, cut off somewhere.</param>
    /// <returns>False when it is not one of ours, or too little of it is there to tell.</returns>
    public bool ReportLoss(
        Instant now,
        ReadOnlySpan<byte> quoted,
        UdpErrorKind kind,
        IpAddress reporter,
        int mtu
    )
    {
        if (
            !Ipv4Packet.TryParseQuoted(quoted, out Ipv4Packet packet)
            || packet.Source != _routes.Address
            || packet.FragmentOffset != 0
            || packet.Payload.Length < 8
        )
        {
            return false;
        }

        _protocols[(byte)packet.Protocol]
            ?.ReceiveError(
                now,
                new IpError(kind, packet.Source, packet.Destination, reporter, mtu),
                packet.Payload
            );
        return true;
    }

    private static void CopyParts(
        ReadOnlySpan<byte> header,
        ReadOnlySpan<byte> payload,
        int offset,
        Span<byte> destination
    )
    {
        if (offset < header.Length)
        {
            ReadOnlySpan<byte> part = header[offset..];
            part = part[..Math.Min(part.Length, destination.Length)];
            part.CopyTo(destination);
            destination = destination[part.Length..];
            offset = header.Length;
        }

        payload.Slice(offset - header.Length, destination.Length).CopyTo(destination);
    }

    private void Deliver(Instant now, IpProtocol protocol, in IpDelivery delivery)
    {
        IIpProtocol? handler = _protocols[(byte)protocol];
        if (handler is not null)
        {
            handler.Receive(now, delivery);
            return;
        }

        _counters.Drop(DropReason.Ipv4UnknownProtocol);
        _errors?.ProtocolUnreachable(now, delivery);
    }
}
