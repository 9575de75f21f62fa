namespace Morgana.Tender.Hvt.Debugging;

/// <summary>A processor that stands still, as a debugger sees it. One for each architecture.</summary>
internal interface IDebugProcessor
{
    /// <summary>Its registers.</summary>
    RegisterSet Registers { get; }

    /// <summary>The instruction that stops it, which is no longer than any other of its instructions.</summary>
    ReadOnlySpan<byte> BreakpointInstruction { get; }

    /// <summary>How many breakpoints it has of its own.</summary>
    int HardwareBreakpoints { get; }

    /// <summary>How many places in memory it can watch.</summary>
    int HardwareWatchpoints { get; }

    /// <summary>Whether breakpoints and watchpoints are of the same few.</summary>
    bool SharesStops { get; }

    /// <summary>The requests to KVM that it makes, each with its reason.</summary>
    IReadOnlyList<(nuint Request, string Reason)> Requests { get; }

    /// <summary>Reads all registers.</summary>
    /// <exception cref="TenderException">KVM refuses.</exception>
    void ReadRegisters(Span<byte> values);

    /// <summary>Writes all registers; those that a debugger has no business with keep their values.</summary>
    /// <returns>False when the values cannot be.</returns>
    bool TryWriteRegisters(ReadOnlySpan<byte> values);

    /// <summary>Says how the processor runs from now on.</summary>
    /// <param name="steps">Whether it stops after one instruction.</param>
    /// <param name="stops">Its own breakpoints and watchpoints, not more than it has.</param>
    /// <exception cref="TenderException">KVM refuses.</exception>
    void Arm(bool steps, IReadOnlyList<HardwareStop> stops);

    /// <summary>Says that nothing is to stop it any more.</summary>
    void Disarm();

    /// <summary>What stopped it.</summary>
    /// <param name="target">The breakpoints and watchpoints that it ran with.</param>
    /// <returns>Null when it is nothing that a debugger asked for.</returns>
    DebugStop? ReadStop(DebugTarget target);

    /// <summary>Where an address of the guest lies in the machine's memory, by the processor's page tables of now.</summary>
    /// <returns>Null when nothing is mapped there.</returns>
    ulong? Translate(ulong address);

    /// <summary>Whether a place can be watched.</summary>
    bool CanWatch(ulong address, ulong length);
}
