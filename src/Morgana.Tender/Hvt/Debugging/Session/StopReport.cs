namespace Morgana.Tender.Hvt.Debugging;

/// <summary>That a guest stopped, and why.</summary>
/// <param name="Signal">The signal that a process would have got.</param>
/// <param name="Cause">Which of the debugger's means it was.</param>
/// <param name="Address">What was accessed, for a watchpoint.</param>
internal readonly record struct StopReport(
    DebugSignal Signal,
    StopCause Cause = StopCause.Signal,
    ulong Address = 0
);
