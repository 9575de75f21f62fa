namespace Morgana.Tender.Hvt.Debugging;

/// <summary>What made a guest stop, as far as it is one of the debugger's means.</summary>
internal enum StopCause
{
    /// <summary>Something else, which the signal tells: a step's end, a fault, Ctrl-C.</summary>
    Signal,

    /// <summary>A breakpoint instruction that the tender put there.</summary>
    SoftwareBreakpoint,

    /// <summary>A breakpoint of the processor.</summary>
    HardwareBreakpoint,

    /// <summary>The processor saw a write that it was to watch for.</summary>
    WatchedWrite,

    /// <summary>The processor saw a read or a write that it was to watch for.</summary>
    WatchedAccess,
}
