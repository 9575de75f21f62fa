namespace Morgana.Net;

/// <summary>The bounds of the ARP cache. The defaults are what the README's table says.</summary>
internal sealed record ArpLimits
{
    public static ArpLimits Default { get; } = new();

    /// <summary>Neighbours known or being asked for.</summary>
    public int Entries { get; init; } = 256;

    /// <summary>Neighbours being asked for at the same time: a scan of the subnet through us cannot push the known ones out.</summary>
    public int Resolving { get; init; } = 64;

    /// <summary>Frames that wait for all neighbours together.</summary>
    public int Frames { get; init; } = 64;

    /// <summary>Frames that wait for one neighbour; the oldest gives way (RFC 1122 section 2.3.2.2 asks to keep the latest).</summary>
    public int FramesPerEntry { get; init; } = 16;

    /// <summary>Broadcast requests before a neighbour is given up.</summary>
    public int Requests { get; init; } = 3;

    /// <summary>From one request to the next: at most one a second (RFC 1122 section 2.3.2.1).</summary>
    public TimeSpan RequestInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>An entry this old is asked again by unicast if it was in use, and forgotten if it was not.</summary>
    public TimeSpan RefreshAfter { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>Unicast probes before an entry in use expires (RFC 1122 section 2.3.2.1, "Unicast Poll").</summary>
    public int Probes { get; init; } = 3;

    /// <summary>From one unicast probe to the next; the last one's answer is awaited as long.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A hardware address this fresh is not replaced by another: the first of two answers wins.</summary>
    public TimeSpan LockTime { get; init; } = TimeSpan.FromSeconds(1);
}
