namespace Morgana.Dns;

/// <summary>What is known about a name: each kind has a place of its own, so that none hides another.</summary>
internal enum CacheSlot : byte
{
    /// <summary>The set of a type, or that there is none (NODATA).</summary>
    Data = 0,

    /// <summary>The name does not exist, and so nothing below it does (RFC 8020). The type is <see cref="RecordType.None"/>.</summary>
    NameError = 1,

    /// <summary>The parent's word on who serves the zone of this name. The type is <see cref="RecordType.Ns"/>.</summary>
    Delegation = 2,

    /// <summary>Finding the set of a type out failed lately (RFC 9520).</summary>
    Failure = 3,
}
