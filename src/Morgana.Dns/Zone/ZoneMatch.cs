namespace Morgana.Dns;

/// <summary>What a zone knows of a name.</summary>
public enum ZoneMatchKind
{
    /// <summary>The name is not at or below the zone's apex.</summary>
    OutOfZone,

    /// <summary>The name exists; it may have no records (an empty non-terminal).</summary>
    Exact,

    /// <summary>The name does not exist, but a wildcard answers for it (RFC 4592).</summary>
    Wildcard,

    /// <summary>The name is at or below a zone cut: other servers have it.</summary>
    Delegation,

    /// <summary>The name is below a DNAME (RFC 6672).</summary>
    Dname,

    /// <summary>The name does not exist.</summary>
    NoName,
}

/// <summary>What was found for a name (RFC 1034 section 4.3.2, step 3).</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Node">The name's node, the wildcard's, the zone cut's or the DNAME's; the closest encloser for <see cref="ZoneMatchKind.NoName"/>; null out of the zone.</param>
/// <param name="IsNode">True when <paramref name="Node"/> is the very name that was looked for.</param>
public readonly record struct ZoneMatch(ZoneMatchKind Kind, ZoneNode? Node, bool IsNode);
