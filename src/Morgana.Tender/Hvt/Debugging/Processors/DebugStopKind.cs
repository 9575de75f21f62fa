namespace Morgana.Tender.Hvt.Debugging;

/// <summary>What stops a processor for debugging.</summary>
internal enum DebugStopKind
{
    /// <summary>A step is made.</summary>
    Step,

    /// <summary>A breakpoint instruction, of the tender's or the guest's own; the program counter is at it.</summary>
    Instruction,

    /// <summary>One of the processor's own breakpoints.</summary>
    Hardware,

    /// <summary>A write that was watched for.</summary>
    Write,

    /// <summary>An access that was watched for.</summary>
    Access,
}
