using System.Buffers.Binary;

namespace Morgana.Net.Tests;

public sealed class FaultInjectorTests
{
    private readonly InMemoryLink _link = new(
        Lab.OurHardware,
        Lab.PeerHardware,
        mtu: 100,
        capacity: 3
    );
    private readonly byte[] _buffer = new byte[114];

    [Fact]
    public void Faults_are_the_same_for_the_same_seed_and_of_the_kind_asked_for()
    {
        FaultInjectorOptions options = new()
        {
            Seed = 5,
            Drop = 0.2,
            Corrupt = 0.2,
            Duplicate = 0.2,
            Reorder = 0.2,
        };
        Assert.Equal(Run(options), Run(options));
        Assert.NotEqual(Run(options), Run(options with { Seed = 6 }));
        Assert.Equal(
            Enumerable.Range(0, 200).Select(i => (byte)i),
            Run(new FaultInjectorOptions())
        );
        Assert.Empty(Run(new FaultInjectorOptions { Drop = 1 }));
        Assert.Equal(400, Run(new FaultInjectorOptions { Duplicate = 1 }).Length);

        byte[] reordered = Run(new FaultInjectorOptions { Seed = 1, Reorder = 0.3 });
        Assert.NotEqual(reordered.Order(), reordered);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (byte)i), reordered.Order());
    }

    [Fact]
    public void Faults_on_the_way_in_lose_and_swap_but_invent_nothing()
    {
        FaultInjector injector = new(
            _link.Right,
            new FaultInjectorOptions
            {
                Seed = 3,
                Reorder = 0.3,
                Duplicate = 0.1,
            }
        );
        List<byte> received = [];
        for (int i = 0; i < 200; i += 2)
        {
            _link.Left.TrySend([(byte)i]);
            _link.Left.TrySend([(byte)(i + 1)]);
            while (injector.TryReceive(_buffer, out int length))
            {
                Assert.Equal(1, length);
                received.Add(_buffer[0]);
            }
        }

        Assert.NotEqual(received.Order(), received);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (byte)i), received.Distinct().Order());
        Assert.True(injector.Faults > 20);
    }

    // In pieces and with wrong bits at once, two wrong bits may cancel out in a checksum of 16 bits: so one or the other.
    [Theory]
    [InlineData(3, 0.2)]
    [InlineData(10, 0.0)]
    public void Over_a_bad_cable_datagrams_get_lost_but_never_changed(int step, double corrupt)
    {
        ManualTime time = new();
        InMemoryLink link = new(Lab.OurHardware, Lab.PeerHardware);
        FaultInjector bad = new(
            link.Left,
            new FaultInjectorOptions
            {
                Seed = 9,
                Drop = 0.1,
                Corrupt = corrupt,
                Duplicate = 0.1,
                Reorder = 0.2,
            }
        );
        using Ipv4Stack server = new(bad, Lab.Configuration, new SeededRandom(1), time);
        using Ipv4Stack client = new(
            link.Right,
            new Ipv4Configuration { Prefix = new IpPrefix(Lab.Peer, 24) },
            new SeededRandom(2),
            time
        );
        IUdpSocket? socket = null;
        socket = server.Open(
            7,
            (in UdpDatagram datagram) => socket!.TrySend(datagram.Source, datagram.Payload)
        );
        byte[] payload = new byte[4000];
        new SeededRandom(4).Fill(payload);
        HashSet<int> answered = [];
        using IUdpSocket asking = client.Open(
            0,
            (in UdpDatagram datagram) =>
            {
                int question = BinaryPrimitives.ReadInt32BigEndian(datagram.Payload);
                Assert.Equal(payload.AsSpan(4, question * step), datagram.Payload[4..]);
                answered.Add(question);
            }
        );
        server.Start();
        client.Start();

        // Questions of 4 bytes and up, each asked until it is answered.
        for (int round = 0; round < 500 && answered.Count < 400; round++)
        {
            for (int question = 0; question < 400; question++)
            {
                if (!answered.Contains(question))
                {
                    BinaryPrimitives.WriteInt32BigEndian(payload, question);
                    asking.TrySend(
                        new IpEndpoint(Lab.Us, 7),
                        payload.AsSpan(0, 4 + question * step)
                    );
                    link.Deliver();
                }
            }

            time.AdvanceSeconds(1);
            link.Deliver();
        }

        Assert.Equal(400, answered.Count);
        Assert.Equal(corrupt > 0, server.Counters.Dropped(DropReason.UdpBadChecksum) > 0);
        Assert.Equal(step == 10, server.Counters.DatagramsReassembled > 0);
    }

    private byte[] Run(FaultInjectorOptions options)
    {
        FaultInjector injector = new(_link.Left, options);
        List<byte> received = [];
        for (int i = 0; i < 200; i++)
        {
            Assert.True(injector.TrySend([(byte)i]));
            Take();
        }

        // What is held back goes out with the next look.
        injector.TryReceive(_buffer, out _);
        Take();
        return [.. received];

        void Take()
        {
            while (_link.Right.TryReceive(_buffer, out _))
            {
                received.Add(_buffer[0]);
            }
        }
    }
}
