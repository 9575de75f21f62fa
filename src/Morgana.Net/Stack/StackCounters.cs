namespace Morgana.Net;

/// <summary>What a stack has seen since it was made. Counters only ever grow.</summary>
public sealed class StackCounters
{
    // Indexed by reason; the last one gives the length, so that no enumeration metadata is needed in an image.
    private readonly long[] _dropped = new long[(int)DropReason.UdpNoPort + 1];

    /// <summary>Frames taken from the device.</summary>
    public long FramesReceived { get; internal set; }

    /// <summary>Frames that the device took.</summary>
    public long FramesSent { get; internal set; }

    /// <summary>Frames that the device refused.</summary>
    public long FramesRefused { get; internal set; }

    /// <summary>UDP datagrams handed to a handler.</summary>
    public long DatagramsReceived { get; internal set; }

    /// <summary>Datagrams put together from fragments.</summary>
    public long DatagramsReassembled { get; internal set; }

    /// <summary>Echo requests answered.</summary>
    public long EchoesAnswered { get; internal set; }

    /// <summary>ICMP errors sent.</summary>
    public long IcmpErrorsSent { get; internal set; }

    /// <summary>ICMP errors that the rate limit held back.</summary>
    public long IcmpErrorsHeldBack { get; internal set; }

    /// <summary>ICMP errors about datagrams of ours.</summary>
    public long IcmpErrorsReceived { get; internal set; }

    /// <summary>Frames that waited for a neighbour's hardware address in vain, or had to give way to newer ones.</summary>
    public long UnresolvedFramesDropped { get; internal set; }

    /// <summary>How often something was dropped for a reason.</summary>
    public long Dropped(DropReason reason) => _dropped[(int)reason];

    internal void Drop(DropReason reason) => _dropped[(int)reason]++;
}
