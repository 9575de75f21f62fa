namespace Morgana.Net;

/// <summary>What the cache says about a neighbour.</summary>
internal enum ArpLookup
{
    /// <summary>The hardware address is known.</summary>
    Found,

    /// <summary>It has been asked for: frames can wait.</summary>
    Resolving,

    /// <summary>Too many neighbours are being asked for already.</summary>
    Refused,
}
