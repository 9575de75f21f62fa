using Morgana.Runtime;

namespace Morgana.Net.Tests;

/// <summary>The promise of the receive path: no allocation from the frame to the handler, nor from the handler to the answer's frame.</summary>
public sealed class AllocationTests : IDisposable
{
    private const int Datagrams = 10_000;

    private readonly ManualTime _time = new();
    private readonly ReplayNetwork _network = new();
    private readonly Ipv4Stack _stack;
    private IUdpSocket? _socket;
    private int _received;

    public AllocationTests()
    {
        _stack = new Ipv4Stack(_network, Lab.Configuration, new SeededRandom(1), _time);
        _stack.Start();
        _network.Replay(Frames.ArpRequest(), 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(512)]
    [InlineData(1472)]
    public void A_datagram_is_received_and_answered_without_allocation(int length)
    {
        _socket = _stack.Open(
            7,
            (in UdpDatagram datagram) =>
            {
                _received++;
                _socket!.TrySend(datagram.Source, datagram.Payload, datagram.Destination.Address);
            }
        );
        Assert.Equal(0, Allocated(Frames.Udp(new byte[length])));
        Assert.Equal(2 * Datagrams, _received);
        Assert.Equal(length + 42, _network.Last.Length);
    }

    [Fact]
    public void A_ping_is_answered_without_allocation() =>
        Assert.Equal(0, Allocated(Frames.Ping(new byte[56])));

    [Fact]
    public void A_request_for_our_address_is_answered_without_allocation() =>
        Assert.Equal(0, Allocated(Frames.ArpRequest()));

    [Fact]
    public void A_refusal_is_sent_without_allocation() =>
        Assert.Equal(0, Allocated(Frames.Udp("x"u8, port: 99)));

    [Fact]
    public void Datagrams_that_wait_for_a_neighbour_allocate_nothing_once_buffers_are_there()
    {
        _socket = _stack.Open(7, (in UdpDatagram _) => { });
        Ask();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Ask();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(101 * 4, _stack.Counters.UnresolvedFramesDropped);

        void Ask()
        {
            for (int i = 0; i < 4; i++)
            {
                Assert.True(_socket!.TrySend(new IpEndpoint(Lab.Neighbour, 9), "hello"u8));
            }

            _time.AdvanceSeconds(5);
        }
    }

    [Fact]
    public void A_turn_takes_a_bounded_number_of_frames() =>
        Assert.Equal(1000 / Ipv4Stack.FramesPerTurn + 1, _network.Replay(Frames.Ping("x"u8), 1000));

    public void Dispose() => _stack.Dispose();

    private long Allocated(byte[] frame)
    {
        _network.Replay(frame, Datagrams);
        long before = GC.GetAllocatedBytesForCurrentThread();
        _network.Replay(frame, Datagrams);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
