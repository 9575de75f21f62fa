namespace Morgana.Net;

/// <summary>Where a stack stands with its address (RFC 5227).</summary>
public enum AddressClaimState
{
    /// <summary>Not started.</summary>
    Idle = 0,

    /// <summary>Asking whether another host has the address; not used yet.</summary>
    Probing,

    /// <summary>In use; telling the neighbours.</summary>
    Announcing,

    /// <summary>In use; conflicts are defended against.</summary>
    Held,

    /// <summary>Another host has it; not used, and probed again after a minute.</summary>
    Conflict,
}
