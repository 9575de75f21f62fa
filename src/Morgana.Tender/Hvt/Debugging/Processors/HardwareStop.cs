namespace Morgana.Tender.Hvt.Debugging;

/// <summary>A breakpoint or watchpoint of the processor itself.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Address">Where.</param>
/// <param name="Length">How many bytes are watched; the instruction's length for a breakpoint.</param>
internal readonly record struct HardwareStop(HardwareStopKind Kind, ulong Address, ulong Length);
