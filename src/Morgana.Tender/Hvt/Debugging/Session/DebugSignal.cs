namespace Morgana.Tender.Hvt.Debugging;

/// <summary>Signals by gdb's own numbers, which are those of Linux where the names are the same here.</summary>
internal enum DebugSignal
{
    Interrupt = 2,
    IllegalInstruction = 4,
    Trap = 5,
    Abort = 6,
    ArithmeticError = 8,
    Kill = 9,
    SegmentationFault = 11,
}
