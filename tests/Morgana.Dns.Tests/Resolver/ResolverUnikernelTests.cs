using Microsoft.Extensions.Logging.Abstractions;
using Morgana.Net;
using Morgana.Runtime;
using Resolver;

namespace Morgana.Dns.Tests;

/// <summary>The unikernel of unikernels/resolver on a stack in memory: the driver, its ports and its timer.</summary>
public sealed class ResolverUnikernelTests : IDisposable
{
    private static readonly IpEndpoint Client = new(IpAddress.FromV4(10, 0, 0, 9), 5353);
    private static readonly IpEndpoint Service = new(IpAddress.FromV4(10, 0, 0, 2), 53);
    private static readonly IpEndpoint Root = new(IpAddress.FromV4(10, 0, 0, 3), 53);

    private readonly PortedUdp _udp = new();
    private readonly FakeTime _time = new();
    private readonly ResolverUnikernel _unikernel;

    public ResolverUnikernelTests()
    {
        _unikernel = new ResolverUnikernel(
            _udp,
            _time,
            new SeededRandom(1),
            NullLoggerFactory.Instance,
            RootHints.Parse("10.0.0.3", null),
            null,
            1
        );
        Assert.False(_unikernel.RunAsync().IsCompleted);
    }

    public void Dispose() => _unikernel.Dispose();

    [Fact]
    public void A_question_goes_to_the_root_from_ports_of_its_own_and_the_answer_back_from_the_asked_address()
    {
        _udp.Receive(Client, Service, MessageText.Query("www.test.", RecordType.A));
        // The root's servers are asked for, and the name.
        Assert.Equal(2, _udp.Sent.Count);
        Assert.Equal(3, _udp.Ports.Count);
        foreach ((ushort port, IpEndpoint destination, byte[] query) in _udp.Take())
        {
            Assert.Equal(Root, destination);
            _udp.Receive(
                Root,
                new IpEndpoint(Service.Address, port),
                MessageText.Reply(
                    query,
                    answer: MessageText.QuestionOf(query).Type == RecordType.Ns
                        ? ". NS a.root.test."
                        : "www.test. A 192.0.2.1",
                    additional: "a.root.test. A 10.0.0.3"
                )
            );
        }

        // "test." was not delegated, so the same server has the rest.
        (ushort last, _, byte[] whole) = Assert.Single(_udp.Take());
        Assert.Equal(DnsName.Parse("www.test."), MessageText.QuestionOf(whole).Name);
        _udp.Receive(
            Root,
            new IpEndpoint(Service.Address, last),
            MessageText.Reply(whole, answer: "www.test. A 192.0.2.1")
        );
        (ushort from, IpEndpoint to, byte[] answer) = Assert.Single(_udp.Take());
        Assert.Equal((53, Client), (from, to));
        Assert.Equal("NoError www.test. A 192.0.2.1", MessageText.Short(answer));
        Assert.Equal(53, Assert.Single(_udp.Ports));
    }

    [Fact]
    public void A_datagram_whose_turn_began_before_what_was_heard_since_does_not_turn_the_clock_back()
    {
        byte[] question = MessageText.Query("www.test.", RecordType.A);
        _udp.Receive(Client, Service, question);
        Instant before = _time.GetInstant();
        while (_udp.Sent.TrueForAll(sent => sent.Port != Service.Port))
        {
            foreach ((ushort port, _, byte[] query) in _udp.Take())
            {
                _udp.Receive(
                    Root,
                    new IpEndpoint(Service.Address, port),
                    MessageText.Reply(query, answer: "www.test. A 192.0.2.1")
                );
            }
        }

        _udp.Take();
        _udp.Receive(Client, Service, question, before);
        Assert.Equal(Service.Port, Assert.Single(_udp.Take()).Port);
        // Long after the record's end something else is heard; then nobody may be given the record any more.
        _time.Advance(TimeSpan.FromDays(10));
        _udp.Receive(Client, Service, MessageText.Query("localhost.", RecordType.A));
        _udp.Take();
        _udp.Receive(Client, Service, question, before);
        Assert.DoesNotContain(_udp.Take(), sent => sent.Port == Service.Port);
    }

    [Fact]
    public void The_timer_repeats_questions_and_at_last_the_client_hears_of_the_failure()
    {
        _udp.Receive(Client, Service, MessageText.Query("www.test.", RecordType.A));
        Assert.Equal(1, _time.Armed);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.True(_udp.Sent.Count > 4);
        (ushort _, IpEndpoint to, byte[] answer) = _udp.Sent.Last(sent => sent.Port == 53);
        Assert.Equal(Client, to);
        Assert.Equal("ServerFailure", MessageText.Short(answer));
        Assert.Equal(53, Assert.Single(_udp.Ports));
    }

    [Fact]
    public void An_unreachable_server_is_noticed_at_once()
    {
        _udp.Receive(Client, Service, MessageText.Query("www.test.", RecordType.A));
        (ushort port, _, _) = _udp.Take()[0];
        _udp.Lose(port, Root, Service.Address);
        Assert.NotEmpty(_udp.Take());
        Assert.DoesNotContain(port, _udp.Ports);
    }

    [Fact]
    public void When_it_stops_all_ports_are_closed()
    {
        _udp.Receive(Client, Service, MessageText.Query("www.test.", RecordType.A));
        _unikernel.Dispose();
        Assert.Empty(_udp.Ports);
        Assert.Equal(0, _time.Armed);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(70000)]
    public async Task A_cache_of_a_senseless_size_ends_it_with_an_error(int size)
    {
        using ResolverUnikernel unikernel = new(
            new PortedUdp(),
            _time,
            new SeededRandom(1),
            NullLoggerFactory.Instance,
            null,
            null,
            size
        );
        Assert.Equal(ResolverUnikernel.BadArgument, await unikernel.RunAsync());
    }

    /// <summary>A stack in memory that draws ports and reports losses.</summary>
    private sealed class PortedUdp : IUdp
    {
        private readonly Dictionary<
            ushort,
            (UdpHandler Handler, UdpErrorHandler? Error)
        > _handlers = [];
        private ushort _next = 50000;

        public List<(ushort Port, IpEndpoint Destination, byte[] Payload)> Sent { get; } = [];

        public List<ushort> Ports => [.. _handlers.Keys];

        public List<(ushort Port, IpEndpoint Destination, byte[] Payload)> Take()
        {
            List<(ushort, IpEndpoint, byte[])> sent = [.. Sent];
            Sent.Clear();
            return sent;
        }

        public IUdpSocket Open(ushort localPort, UdpHandler handler) =>
            Open(localPort, handler, null);

        public IUdpSocket Open(ushort localPort, UdpHandler handler, UdpErrorHandler? onError)
        {
            ushort port = localPort == 0 ? _next++ : localPort;
            _handlers.Add(port, (handler, onError));
            return new Socket(this, port);
        }

        public void Receive(
            IpEndpoint source,
            IpEndpoint destination,
            byte[] payload,
            Instant? receivedAt = null
        ) =>
            _handlers[destination.Port]
                .Handler(new UdpDatagram(source, destination, payload, receivedAt));

        public void Lose(ushort port, IpEndpoint destination, IpAddress reporter) =>
            _handlers[port]
                .Error!(
                    new UdpError(
                        UdpErrorKind.HostUnreachable,
                        new IpEndpoint(reporter, port),
                        destination,
                        reporter,
                        0
                    )
                );

        private sealed class Socket(PortedUdp udp, ushort port) : IUdpSocket
        {
            public ushort LocalPort => port;

            public bool TrySend(
                IpEndpoint destination,
                ReadOnlySpan<byte> payload,
                IpAddress source
            )
            {
                udp.Sent.Add((port, destination, payload.ToArray()));
                return true;
            }

            public void Dispose() => udp._handlers.Remove(port);
        }
    }
}
