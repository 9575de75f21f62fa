using Morgana.Runtime;

namespace Morgana.Net.Tests;

/// <summary>An <see cref="Ipv4Host"/> on a bench: a test hands it frames and time, and looks at what it sends.</summary>
internal sealed class HostRig : IFrameSink
{
    public HostRig(
        Ipv4Configuration? configuration = null,
        ArpLimits? arp = null,
        Ipv4ReassemblyLimits? reassembly = null,
        int mtu = 1500,
        bool start = true
    )
    {
        Host = new Ipv4Host(
            configuration ?? Lab.Configuration,
            Lab.OurHardware,
            mtu,
            new SeededRandom(1),
            this,
            arp,
            reassembly
        );
        if (start)
        {
            Host.Start(Now);
            AdvanceSeconds(3);
            Sent.Clear();
        }
    }

    public Ipv4Host Host { get; }

    public Instant Now { get; private set; } = new(1_000_000_000);

    public List<byte[]> Sent { get; } = [];

    /// <summary>What the device answers.</summary>
    public bool Takes { get; set; } = true;

    public StackCounters Counters => Host.Counters;

    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        if (Takes)
        {
            Sent.Add(frame.ToArray());
        }

        return Takes;
    }

    public HostRig KnowPeer()
    {
        Receive(Frames.ArpRequest());
        Sent.Clear();
        return this;
    }

    public void Receive(ReadOnlySpan<byte> frame) => Host.Receive(Now, frame);

    /// <summary>Receives a frame and says why it was dropped.</summary>
    public DropReason Drop(ReadOnlySpan<byte> frame)
    {
        Dictionary<DropReason, long> before = Enum.GetValues<DropReason>()
            .ToDictionary(r => r, Counters.Dropped);
        Receive(frame);
        return Enum.GetValues<DropReason>()
            .SingleOrDefault(r => Counters.Dropped(r) == before[r] + 1);
    }

    public bool Send(ushort port, IpEndpoint destination, ReadOnlySpan<byte> payload) =>
        Host.Udp.TrySend(Now, port, destination, payload, default);

    public void AdvanceSeconds(double seconds) => Advance(TimeSpan.FromSeconds(seconds));

    public void Advance(TimeSpan span)
    {
        Instant end = Now + span;
        for (int steps = 0; Host.NextDeadline <= end; steps++)
        {
            Assert.True(steps < 10_000, "The host asks to be woken without end.");
            Now = Host.NextDeadline > Now ? Host.NextDeadline : Now;
            Host.Poll(Now);
        }

        Now = end;
    }

    /// <summary>What was sent since the last look.</summary>
    public byte[][] Take()
    {
        byte[][] sent = [.. Sent];
        Sent.Clear();
        return sent;
    }

    public byte[] TakeOne() => Assert.Single(Take());

    public ArpPacket TakeArp(out MacAddress to)
    {
        byte[] bytes = TakeOne();
        Assert.True(EthernetFrame.TryParse(bytes, out EthernetFrame frame));
        Assert.Equal(EtherType.Arp, frame.EtherType);
        Assert.Equal(Lab.OurHardware, frame.Source);
        to = frame.Destination;
        Assert.True(ArpPacket.TryParse(frame.Payload, out ArpPacket packet));
        return packet;
    }
}
