namespace Morgana.Net;

/// <summary>The life of an entry in the ARP cache.</summary>
internal enum ArpEntryState : byte
{
    /// <summary>The slot is empty.</summary>
    Free,

    /// <summary>Broadcast requests go out; frames wait.</summary>
    Resolving,

    /// <summary>The hardware address is known and fresh.</summary>
    Reachable,

    /// <summary>The hardware address is known but old: it is used on while unicast probes ask whether it still holds.</summary>
    Probing,
}
