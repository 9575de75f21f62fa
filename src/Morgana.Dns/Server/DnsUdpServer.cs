using Morgana.Net;

namespace Morgana.Dns;

/// <summary>Puts a responder on a UDP port. All protocol is in the responder; nothing is allocated per datagram.</summary>
public sealed class DnsUdpServer : IDnsReplyPath, IDisposable
{
    /// <summary>The port of DNS (RFC 1035 section 4.2.1).</summary>
    public const ushort DefaultPort = 53;

    /// <summary>Room for an answer in bytes; responders keep to less (1232, or what the client takes).</summary>
    public const int MaxAnswerLength = 4096;

    private readonly IDnsResponder _responder;
    private readonly IUdpSocket _socket;
    private readonly byte[] _answer = new byte[MaxAnswerLength];

    /// <summary>Starts to serve.</summary>
    /// <param name="udp">The stack.</param>
    /// <param name="responder">What answers.</param>
    /// <param name="port">The port, 1 to 65535.</param>
    /// <exception cref="InvalidOperationException">The port is taken.</exception>
    public DnsUdpServer(IUdp udp, IDnsResponder responder, ushort port = DefaultPort)
    {
        ArgumentNullException.ThrowIfNull(udp);
        ArgumentNullException.ThrowIfNull(responder);
        _responder = responder;
        _socket = udp.Open(port, Receive);
    }

    /// <summary>Stops serving.</summary>
    public void Dispose() => _socket.Dispose();

    /// <inheritdoc/>
    public bool TrySend(DnsPeer peer, ReadOnlySpan<byte> answer) =>
        _socket.TrySend(peer.Remote, answer, peer.Local);

    private void Receive(in UdpDatagram datagram)
    {
        // An answer to port 0 goes nowhere, and one to a broadcast or multicast address would be heard by many.
        if (datagram.Source.Port == 0 || datagram.Source.Address.IsMulticast)
        {
            return;
        }

        var peer = new DnsPeer(datagram.Source, datagram.Destination.Address, this)
        {
            ReceivedAt = datagram.ReceivedAt,
        };
        int length = _responder.Respond(datagram.Payload, peer, _answer);
        if (length > 0)
        {
            TrySend(peer, _answer.AsSpan(0, length));
        }
    }
}
