using Morgana.Net;

namespace Morgana.Dns.Tests;

/// <summary>A stack in memory: what is sent is kept, what arrives is put in by hand.</summary>
internal sealed class FakeUdp : IUdp
{
    private readonly Dictionary<ushort, UdpHandler> _handlers = [];

    public List<(IpEndpoint Destination, IpAddress Source, byte[] Payload)> Sent { get; } = [];

    public IUdpSocket Open(ushort localPort, UdpHandler handler)
    {
        Assert.True(_handlers.TryAdd(localPort, handler));
        return new Socket(this, localPort);
    }

    public bool IsOpen(ushort port) => _handlers.ContainsKey(port);

    public void Receive(IpEndpoint source, IpEndpoint destination, byte[] payload) =>
        _handlers[destination.Port](new UdpDatagram(source, destination, payload));

    private sealed class Socket(FakeUdp udp, ushort port) : IUdpSocket
    {
        public ushort LocalPort => port;

        public bool TrySend(IpEndpoint destination, ReadOnlySpan<byte> payload, IpAddress source)
        {
            udp.Sent.Add((destination, source, payload.ToArray()));
            return true;
        }

        public void Dispose() => udp._handlers.Remove(port);
    }
}
