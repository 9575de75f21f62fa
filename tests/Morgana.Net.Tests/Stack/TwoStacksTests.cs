using System.Text;
using Morgana.Runtime;

namespace Morgana.Net.Tests;

/// <summary>Two whole stacks on one cable, driven like the main loop drives them.</summary>
public sealed class TwoStacksTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly InMemoryLink _link = new(Lab.OurHardware, Lab.PeerHardware);
    private readonly Ipv4Stack _server;
    private readonly Ipv4Stack _client;

    public TwoStacksTests()
    {
        _server = new Ipv4Stack(_link.Left, Lab.Configuration, new SeededRandom(1), _time);
        _client = new Ipv4Stack(
            _link.Right,
            new Ipv4Configuration { Prefix = new IpPrefix(Lab.Peer, 24) },
            new SeededRandom(2),
            _time
        );
    }

    public void Dispose()
    {
        _server.Dispose();
        _client.Dispose();
    }

    [Fact]
    public void A_question_is_answered_from_the_handler()
    {
        IUdpSocket? server = null;
        server = _server.Open(
            53,
            (in UdpDatagram datagram) =>
                server!.TrySend(datagram.Source, datagram.Payload, datagram.Destination.Address)
        );
        string? answer = null;
        IpEndpoint from = default;
        IUdpSocket client = _client.Open(
            0,
            (in UdpDatagram datagram) =>
            {
                answer = Encoding.ASCII.GetString(datagram.Payload);
                from = datagram.Source;
            }
        );
        _server.Start();
        _client.Start();
        _link.Deliver();

        Assert.True(client.TrySend(new IpEndpoint(Lab.Us, 53), "hello"u8));
        _link.Deliver();

        Assert.Equal("hello", answer);
        Assert.Equal(new IpEndpoint(Lab.Us, 53), from);
        Assert.InRange(client.LocalPort, 1024, 65535);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1472)]
    [InlineData(1473)]
    [InlineData(4096)]
    [InlineData(20_000)]
    [InlineData(65_507)]
    public void Datagrams_of_any_length_arrive_whole(int length)
    {
        byte[] payload = new byte[length];
        new SeededRandom(3).Fill(payload);
        byte[]? received = null;
        _server.Open(7, (in UdpDatagram datagram) => received = datagram.Payload.ToArray());
        IUdpSocket client = _client.Open(0, (in UdpDatagram _) => { });
        _server.Start();
        _client.Start();
        // The first datagram asks for the neighbour; what is longer than may wait comes after.
        client.TrySend(new IpEndpoint(Lab.Us, 7), default);
        _link.Deliver();
        received = null;

        Assert.True(client.TrySend(new IpEndpoint(Lab.Us, 7), payload));
        _link.Deliver();

        Assert.Equal(payload, received);
    }
}
