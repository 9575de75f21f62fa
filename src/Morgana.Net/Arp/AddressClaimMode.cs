namespace Morgana.Net;

/// <summary>How a stack takes possession of its address (RFC 5227).</summary>
public enum AddressClaimMode
{
    /// <summary>
    /// Uses the address at once and announces it. The right choice where an operator or an orchestrator hands out addresses: a unikernel
    /// answers within a millisecond of its start. Conflicts are still seen, defended against and logged.
    /// </summary>
    Announce = 0,

    /// <summary>Probes for 4 to 7 seconds first, as RFC 5227 section 2.1 asks, and does not use an address that another host has.</summary>
    Probe = 1,
}
