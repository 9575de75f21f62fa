namespace Morgana.Net;

/// <summary>The bounds of reassembly. The defaults are what the README's table says.</summary>
internal sealed record Ipv4ReassemblyLimits
{
    public static Ipv4ReassemblyLimits Default { get; } = new();

    /// <summary>Datagrams being put together at the same time; the oldest gives way.</summary>
    public int Datagrams { get; init; } = 16;

    /// <summary>Of these, datagrams from one source: its oldest gives way, so that one sender cannot push the others out.</summary>
    public int DatagramsPerSource { get; init; } = 4;

    /// <summary>Bytes of all their buffers together, at least 64 KiB so that one datagram always fits; the oldest gives way.</summary>
    public int Bytes { get; init; } = 256 * 1024;

    /// <summary>Fragments of one datagram: 65,535 bytes over an MTU of 576 make 119.</summary>
    public int Fragments { get; init; } = 128;

    /// <summary>Stretches of one datagram with gaps between them: more means a sender that does not send in any order.</summary>
    public int Ranges { get; init; } = 32;

    /// <summary>
    /// From the first fragment received to giving up. RFC 1122 section 3.3.2 recommends 60 to 120 s, from times of slower links; as
    /// long as memory waits it can be held by an attacker, so this is what common systems use today.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
