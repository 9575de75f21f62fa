namespace Morgana.Net;

/// <summary>How a fragment relates to those received before it.</summary>
internal enum Ipv4Overlap
{
    /// <summary>It is new.</summary>
    None,

    /// <summary>The same bytes are there already: the network sent it twice. Harmless.</summary>
    Repetition,

    /// <summary>It reaches over what is there, or says something else: an attack or a broken sender (RFC 5722).</summary>
    Contradiction,
}
