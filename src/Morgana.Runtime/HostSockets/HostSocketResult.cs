namespace Morgana.Runtime;

/// <summary>What the host says to a new socket.</summary>
public enum HostSocketResult
{
    /// <summary>It is open.</summary>
    Opened = 0,

    /// <summary>The port is taken.</summary>
    Taken,

    /// <summary>The port is not for everybody.</summary>
    Forbidden,

    /// <summary>The address is none of this machine.</summary>
    NoSuchAddress,

    /// <summary>There are no more sockets.</summary>
    Exhausted,

    /// <summary>Something else went wrong.</summary>
    Failed,
}
