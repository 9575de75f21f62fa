using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>One neighbour in the ARP cache.</summary>
internal struct ArpEntry
{
    public IpAddress Address;
    public MacAddress Hardware;
    public ArpEntryState State;

    /// <summary>Requests or probes sent in this state.</summary>
    public int Attempts;

    /// <summary>When the state's next step is due.</summary>
    public Instant Deadline;

    /// <summary>When the neighbour was last heard.</summary>
    public Instant Confirmed;

    /// <summary>When we last sent to it; the smallest instant if never (it was learnt from its own request).</summary>
    public Instant LastUsed;

    /// <summary>The frames that wait, oldest first: indices into <see cref="ArpPendingFrames"/>, -1 when there are none.</summary>
    public int FirstFrame;
    public int LastFrame;
    public int Frames;
}
