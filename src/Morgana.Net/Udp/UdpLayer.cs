using System.Buffers.Binary;
using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>UDP (RFC 768): the table of ports, and datagrams in and out.</summary>
internal sealed class UdpLayer(
    IIpOutput output,
    IIcmpErrors errors,
    RandomStream random,
    StackCounters counters
) : IIpProtocol
{
    /// <summary>The longest payload of any datagram over IPv4.</summary>
    public const int MaximumPayload =
        Ipv4Packet.MaximumLength - Ipv4Packet.MinimumHeaderLength - UdpPacket.HeaderLength;

    /// <summary>The first port that is given out (RFC 6056 section 3.2).</summary>
    public const ushort FirstEphemeralPort = 1024;

    private readonly Dictionary<ushort, UdpBinding> _bindings = [];

    public IpProtocol Protocol => IpProtocol.Udp;

    /// <summary>Bound ports.</summary>
    public int Count => _bindings.Count;

    /// <exception cref="InvalidOperationException">The port is taken, or no port is free.</exception>
    public UdpBinding Bind(ushort port, UdpHandler handler, UdpErrorHandler? onError)
    {
        if (port == 0)
        {
            port = ChoosePort();
        }

        UdpBinding binding = new(port, handler, onError);
        if (!_bindings.TryAdd(port, binding))
        {
            throw new InvalidOperationException(
                $"UDP port {port} is taken: dispose the socket that holds it, or open port 0 for a free one."
            );
        }

        return binding;
    }

    public void Release(UdpBinding binding)
    {
        if (_bindings.TryGetValue(binding.Port, out UdpBinding? bound) && bound == binding)
        {
            _bindings.Remove(binding.Port);
        }
    }

    public bool TrySend(
        Instant now,
        ushort localPort,
        IpEndpoint destination,
        ReadOnlySpan<byte> payload,
        IpAddress source
    )
    {
        if (payload.Length > MaximumPayload || destination.Port == 0)
        {
            return false;
        }

        if (source.Family == IpFamily.None)
        {
            source = output.SourceFor(destination.Address);
        }

        if (source.Family == IpFamily.None || source.Family != destination.Address.Family)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[UdpPacket.HeaderLength];
        UdpPacket.WriteHeader(header, new IpEndpoint(source, localPort), destination, payload);
        return output.TrySend(now, source, destination.Address, IpProtocol.Udp, header, payload);
    }

    public void Receive(Instant now, in IpDelivery delivery)
    {
        if (
            !UdpPacket.TryParse(
                delivery.Payload,
                delivery.Source,
                delivery.Destination,
                out UdpPacket packet,
                out DropReason reason
            )
        )
        {
            counters.Drop(reason);
            return;
        }

        if (!_bindings.TryGetValue(packet.DestinationPort, out UdpBinding? binding))
        {
            counters.Drop(DropReason.UdpNoPort);
            errors.PortUnreachable(now, delivery);
            return;
        }

        counters.DatagramsReceived++;
        binding.Handler(
            new UdpDatagram(
                new IpEndpoint(delivery.Source, packet.SourcePort),
                new IpEndpoint(delivery.Destination, packet.DestinationPort),
                packet.Payload,
                now
            )
        );
    }

    public void ReceiveError(Instant now, in IpError error, ReadOnlySpan<byte> quoted)
    {
        IpEndpoint source = new(error.Source, BinaryPrimitives.ReadUInt16BigEndian(quoted));
        IpEndpoint destination = new(
            error.Destination,
            BinaryPrimitives.ReadUInt16BigEndian(quoted[2..])
        );
        if (
            _bindings.TryGetValue(source.Port, out UdpBinding? binding)
            && binding.OnError is { } onError
        )
        {
            onError(new UdpError(error.Kind, source, destination, error.Reporter, error.Mtu));
        }
    }

    private ushort ChoosePort()
    {
        // RFC 6056 algorithm 1: a random start, then the next free one below.
        int count = ushort.MaxValue - FirstEphemeralPort + 1;
        int start = random.NextBelow(count);
        for (int i = 0; i < count; i++)
        {
            ushort port = (ushort)(FirstEphemeralPort + (start + count - i) % count);
            if (!_bindings.ContainsKey(port))
            {
                return port;
            }
        }

        throw new InvalidOperationException(
            $"All {count} UDP ports from {FirstEphemeralPort} up are taken: dispose sockets that are no longer needed."
        );
    }
}
