namespace Morgana.Tender.Hvt.Debugging;

/// <summary>What is to be done with the guest now.</summary>
internal enum SessionState
{
    /// <summary>It stands still until the debugger says more.</summary>
    Stopped,

    /// <summary>It runs, or makes a step.</summary>
    Running,

    /// <summary>The debugger has left it alone: it runs without one.</summary>
    Detached,

    /// <summary>The debugger wants it ended.</summary>
    Killed,

    /// <summary>It has ended.</summary>
    Exited,
}
