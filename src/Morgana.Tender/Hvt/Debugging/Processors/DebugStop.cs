namespace Morgana.Tender.Hvt.Debugging;

/// <summary>What stopped a processor for debugging.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Address">What was accessed, for a watchpoint.</param>
internal readonly record struct DebugStop(DebugStopKind Kind, ulong Address = 0);
