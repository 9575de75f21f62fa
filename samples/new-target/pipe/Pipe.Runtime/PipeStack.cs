using System.Buffers.Binary;
using Morgana.Net;
using Morgana.Runtime;

namespace Pipe;

/// <summary>
/// UDP over the packets of the target <c>pipe</c>: the other's address (4 bytes) and port (2), our port (2), the payload.
/// It stands where a program asks for an IPv4 stack.
/// </summary>
public sealed class PipeStack : IIpv4Stack
{
    internal const int HeaderLength = 8;

    private const ushort FirstFreePort = 49152;

    private readonly INetwork _network;
    private readonly Dictionary<ushort, UdpHandler> _handlers = [];
    private readonly byte[] _received;
    private readonly byte[] _sent;

    /// <summary>A stack on a device.</summary>
    public PipeStack(INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        _network = network;
        _received = new byte[network.Mtu];
        _sent = new byte[network.Mtu];
    }

    /// <inheritdoc/>
    public IpAddress Address => IpAddress.AnyV4;

    /// <inheritdoc/>
    public void Start() => _network.OnReceivable(Receive);

    /// <inheritdoc/>
    public IUdpSocket Open(ushort localPort, UdpHandler handler)
    {
        ushort port = localPort;
        if (port == 0)
        {
            for (port = FirstFreePort; _handlers.ContainsKey(port); port++) { }
        }

        return _handlers.TryAdd(port, handler)
            ? new PipeSocket(this, port)
            : throw new HostException($"UDP port {port} is open already.");
    }

    internal bool TrySend(ushort port, IpEndpoint destination, ReadOnlySpan<byte> payload)
    {
        if (!destination.Address.IsV4 || payload.Length > _sent.Length - HeaderLength)
        {
            return false;
        }

        destination.Address.Write(_sent);
        BinaryPrimitives.WriteUInt16BigEndian(_sent.AsSpan(4), destination.Port);
        BinaryPrimitives.WriteUInt16BigEndian(_sent.AsSpan(6), port);
        payload.CopyTo(_sent.AsSpan(HeaderLength));
        return _network.TrySend(_sent.AsSpan(0, HeaderLength + payload.Length));
    }

    internal void Close(ushort port) => _handlers.Remove(port);

    private void Receive()
    {
        while (_network.TryReceive(_received, out int length))
        {
            ReadOnlySpan<byte> packet = _received.AsSpan(0, length);
            if (length < HeaderLength)
            {
                continue;
            }

            ushort port = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
            if (_handlers.TryGetValue(port, out UdpHandler? handler))
            {
                IpEndpoint source = new(
                    IpAddress.ReadV4(packet),
                    BinaryPrimitives.ReadUInt16BigEndian(packet[4..])
                );
                handler(
                    new UdpDatagram(source, new IpEndpoint(Address, port), packet[HeaderLength..])
                );
            }
        }
    }

    private sealed class PipeSocket(PipeStack stack, ushort port) : IUdpSocket
    {
        public ushort LocalPort => port;

        public bool TrySend(
            IpEndpoint destination,
            ReadOnlySpan<byte> payload,
            IpAddress source = default
        ) => stack.TrySend(port, destination, payload);

        public void Dispose() => stack.Close(port);
    }
}
