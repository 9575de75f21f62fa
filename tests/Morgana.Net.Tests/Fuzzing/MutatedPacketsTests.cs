using Morgana.Runtime;

namespace Morgana.Net.Tests;

/// <summary>A million spoilt packets through a whole stack: it stands, it does not grow, and it answers afterwards.</summary>
[Collection(AloneCollection.Name)]
public sealed class MutatedPacketsTests : IDisposable
{
    private const int Packets = 1_000_000;
    private const int Batch = 64;

    private readonly ManualTime _time = new();
    private readonly InMemoryLink _link = new(Lab.OurHardware, Lab.PeerHardware);
    private readonly Ipv4Stack _stack;
    private readonly byte[] _buffer = new byte[1514];
    private long _received;
    private long _errors;

    public MutatedPacketsTests()
    {
        _stack = new Ipv4Stack(_link.Left, Lab.Configuration, new SeededRandom(1), _time);
        IUdpSocket? socket = null;
        socket = _stack.Open(
            7,
            (in UdpDatagram datagram) =>
            {
                _received++;
                socket!.TrySend(datagram.Source, datagram.Payload, datagram.Destination.Address);
            },
            (in UdpError _) => _errors++
        );
        _stack.Start();
    }

    [Fact]
    public void A_million_mutated_packets_neither_crash_nor_grow_nor_silence_the_stack()
    {
        PacketMutator mutator = new(20261122, GoodFrames());
        // Every table, buffer and pool reaches its full size in the first part.
        Push(mutator, Packets / 10);
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        Push(mutator, Packets - Packets / 10);
        long growth = GC.GetTotalMemory(forceFullCollection: true) - memory;

        // A leak of one byte a packet would be 900,000.
        Assert.InRange(growth, long.MinValue, 256 * 1024);
        StackCounters counters = _stack.Counters;
        Assert.Equal(Packets, counters.FramesReceived);

        // When the storm is over, nothing stays behind, and the stack sleeps.
        _time.AdvanceSeconds(300);
        Drain();
        CheckBounds();
        Assert.Equal(0, _stack.Host.Arp.Cache.Count);
        Assert.Equal(0, _stack.Host.Arp.Cache.PendingFrames);
        Assert.Equal(0, _stack.Host.Ipv4.Reassembler.Count);
        Assert.Equal(0, _stack.Host.Ipv4.Reassembler.Bytes);
        Assert.Equal(Instant.Never, _stack.Host.NextDeadline);
        Assert.Equal(0, _time.Armed);

        // The packets were not all stopped at the door: nearly every reason to drop was met, and the rest reached its end.
        DropReason[] met =
        [
            .. Enum.GetValues<DropReason>().Where(reason => counters.Dropped(reason) > 0),
        ];
        Assert.Equal(
            Enum.GetValues<DropReason>().Except([DropReason.None, DropReason.Ipv4AddressNotReady]),
            met
        );
        Assert.InRange(_received, Packets / 100, Packets);
        Assert.InRange(_errors, 100, Packets);
        Assert.InRange(counters.DatagramsReassembled, 100, Packets);
        Assert.InRange(counters.EchoesAnswered, Packets / 100, Packets);
        Assert.InRange(counters.IcmpErrorsSent, 100, Packets);
        Assert.InRange(counters.UnresolvedFramesDropped, 100, Packets);

        AssertAnswers();
    }

    public void Dispose() => _stack.Dispose();

    private static byte[][] GoodFrames()
    {
        IpEndpoint from = new(Lab.Peer, 4000);
        byte[] segment = Frames.UdpSegment(from, new(Lab.Us, 7), new byte[120]);
        byte[] ours = Frames.Datagram(
            IpProtocol.Udp,
            Frames.UdpSegment(new(Lab.Us, 7), from, new byte[20]),
            Lab.Us,
            Lab.Peer
        );
        return
        [
            Frames.ArpRequest(),
            Frames.ArpRequest(Lab.Neighbour, Lab.OtherHardware),
            Frames.ArpReply(Lab.Peer, Lab.PeerHardware),
            Frames.Arp(ArpOperation.Request, Lab.PeerHardware, Lab.Peer, Lab.Peer),
            Frames.Arp(ArpOperation.Request, Lab.OtherHardware, IpAddress.AnyV4, Lab.Us),
            Frames.Udp("a question"u8),
            Frames.Udp(new byte[512]),
            Frames.Udp("from afar"u8, source: Lab.Remote),
            Frames.Udp("closed"u8, port: 99),
            Frames.Udp("all"u8, destination: IpAddress.BroadcastV4, to: MacAddress.Broadcast),
            Frames.Ping(new byte[56]),
            Frames.Icmp(IcmpType.DestinationUnreachable, 3, 0, ours),
            Frames.Icmp(IcmpType.DestinationUnreachable, 4, 1280, ours),
            Frames.Icmp(IcmpType.TimeExceeded, 0, 0, ours),
            Frames.Ethernet(
                Frames.WithOptions(Frames.Datagram(IpProtocol.Udp, segment), Hex.Bytes("94040000"))
            ),
            Frames.Ethernet(
                Frames.WithOptions(
                    Frames.Datagram(IpProtocol.Udp, segment),
                    Hex.Bytes("8307040a00000200")
                )
            ),
            Frames.Ethernet(Frames.Fragment(IpProtocol.Udp, segment.AsSpan(0, 64), 1, 0, true)),
            Frames.Ethernet(Frames.Fragment(IpProtocol.Udp, segment.AsSpan(64), 1, 64, false)),
            Frames.Ethernet(Frames.Fragment(IpProtocol.Icmp, new byte[64], 2, 0, true)),
            Frames.Ethernet(Frames.Datagram(IpProtocol.Tcp, new byte[20])),
            Frames.Ethernet(new byte[40], EtherType.Ipv6),
        ];
    }

    private void Push(PacketMutator mutator, int packets)
    {
        for (int done = 0; done < packets; )
        {
            for (int i = 0; i < Batch && done < packets; i++, done++)
            {
                int length = mutator.Next(_buffer);
                Assert.True(_link.Right.TrySend(_buffer.AsSpan(0, length)));
            }

            _link.Deliver();
            _time.Advance(TimeSpan.FromMilliseconds(7));
            Drain();
            CheckBounds();
        }
    }

    private void CheckBounds()
    {
        ArpCache cache = _stack.Host.Arp.Cache;
        Ipv4Reassembler reassembler = _stack.Host.Ipv4.Reassembler;
        if (
            cache.Count > ArpLimits.Default.Entries
            || cache.Resolving > ArpLimits.Default.Resolving
            || cache.PendingFrames > ArpLimits.Default.Frames
            || reassembler.Count > Ipv4ReassemblyLimits.Default.Datagrams
            || reassembler.Bytes > Ipv4ReassemblyLimits.Default.Bytes
        )
        {
            Assert.Fail("A table has grown beyond its bound.");
        }
    }

    private void Drain()
    {
        while (_link.Right.TryReceive(_buffer, out _)) { }
    }

    private void AssertAnswers()
    {
        Drain();
        Assert.True(_link.Right.TrySend(Frames.ArpRequest()));
        _link.Deliver();
        Assert.True(_link.Right.TryReceive(_buffer, out _));

        long echoes = _stack.Counters.EchoesAnswered;
        Assert.True(_link.Right.TrySend(Frames.Ping("still there?"u8)));
        _link.Deliver();
        Assert.True(_link.Right.TryReceive(_buffer, out int length));
        Assert.Equal(echoes + 1, _stack.Counters.EchoesAnswered);
        Assert.Equal("still there?"u8, _buffer.AsSpan(0, length)[^12..]);

        Assert.True(_link.Right.TrySend(Frames.Udp("and you?"u8)));
        _link.Deliver();
        Assert.True(_link.Right.TryReceive(_buffer, out length));
        Assert.Equal("and you?"u8, _buffer.AsSpan(0, length)[^8..]);
    }
}
