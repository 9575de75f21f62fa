using Morgana.Net;

namespace Morgana.Dns.Tests;

public class DnsUdpServerTests
{
    private static readonly IpEndpoint Client = new(IpAddress.FromV4(10, 0, 0, 9), 4321);
    private static readonly IpEndpoint Local = new(IpAddress.FromV4(10, 0, 0, 2), 53);

    private sealed class Responder : IDnsResponder
    {
        public DnsPeer? Last { get; private set; }

        public int Respond(ReadOnlySpan<byte> query, DnsPeer peer, Span<byte> answer)
        {
            Last = peer;
            if (query.Length > 0 && query[0] == 1)
            {
                query.CopyTo(answer);
                return query.Length;
            }

            return 0;
        }
    }

    [Fact]
    public void Answers_go_back_from_the_address_that_was_asked_at_once_or_later_or_never()
    {
        var udp = new FakeUdp();
        var responder = new Responder();
        var server = new DnsUdpServer(udp, responder);
        udp.Receive(Client, Local, [1, 2]);
        Assert.Equal((Client, Local.Address), (udp.Sent[0].Destination, udp.Sent[0].Source));
        Assert.Equal([1, 2], udp.Sent[0].Payload);

        udp.Receive(Client, Local, [0]);
        Assert.Single(udp.Sent);
        Assert.True(responder.Last!.Value.Send([9]));
        Assert.Equal((Client, Local.Address), (udp.Sent[1].Destination, udp.Sent[1].Source));
        Assert.Equal([9], udp.Sent[1].Payload);

        server.Dispose();
        Assert.False(udp.IsOpen(53));
    }

    [Fact]
    public void Senders_that_cannot_be_answered_are_not_heard()
    {
        var udp = new FakeUdp();
        var responder = new Responder();
        using var server = new DnsUdpServer(udp, responder);
        udp.Receive(Client with { Port = 0 }, Local, [1]);
        udp.Receive(Client with { Address = IpAddress.FromV4(224, 0, 0, 1) }, Local, [1]);
        Assert.Null(responder.Last);
        Assert.False(default(DnsPeer).Send([1]));
    }
}
