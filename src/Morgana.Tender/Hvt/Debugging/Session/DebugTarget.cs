namespace Morgana.Tender.Hvt.Debugging;

/// <summary>A guest that stands still, as a debugger sees it: its registers, its memory, and what is to stop it.</summary>
internal sealed class DebugTarget
{
    private readonly IDebugProcessor processor;
    private readonly List<HardwareStop> hardware = [];
    private byte[]? trapped;

    /// <summary>Takes a guest.</summary>
    public DebugTarget(GuestMemory memory, IDebugProcessor processor)
    {
        this.processor = processor;
        Memory = new DebugMemory(memory, processor);
    }

    /// <summary>Its registers' names and places.</summary>
    public RegisterSet Registers => processor.Registers;

    /// <summary>Its memory, with the breakpoints in it.</summary>
    public DebugMemory Memory { get; }

    /// <summary>What the processor itself is to stop at.</summary>
    public IReadOnlyList<HardwareStop> Hardware => hardware;

    /// <summary>Reads all registers.</summary>
    public void ReadRegisters(Span<byte> values)
    {
        if (trapped is not null)
        {
            trapped.CopyTo(values);
            return;
        }

        processor.ReadRegisters(values);
    }

    /// <summary>Writes all registers.</summary>
    /// <returns>False when they cannot be.</returns>
    public bool TryWriteRegisters(ReadOnlySpan<byte> values) =>
        trapped is null && processor.TryWriteRegisters(values);

    /// <summary>
    /// Shows other registers from now on: those of the trap that the guest ends by, in place of those with which it says so.
    /// </summary>
    public void ShowTrap(byte[] registers) => trapped = registers;

    /// <summary>Adds a breakpoint or watchpoint of the processor. One that is there already stays.</summary>
    /// <returns>False when it has no more, or cannot watch that place.</returns>
    public bool TryAdd(HardwareStop stop)
    {
        if (hardware.Contains(stop))
        {
            return true;
        }

        bool isBreakpoint = stop.Kind == HardwareStopKind.Breakpoint;
        int most = isBreakpoint ? processor.HardwareBreakpoints : processor.HardwareWatchpoints;
        int taken = hardware.Count(other =>
            processor.SharesStops || other.Kind == HardwareStopKind.Breakpoint == isBreakpoint
        );
        if (taken >= most || !isBreakpoint && !processor.CanWatch(stop.Address, stop.Length))
        {
            return false;
        }

        hardware.Add(stop);
        return true;
    }

    /// <summary>Takes one away. One that is not there is no error.</summary>
    public void Remove(HardwareStop stop) => _ = hardware.Remove(stop);

    /// <summary>Takes all breakpoints and watchpoints away.</summary>
    public void RemoveAll()
    {
        hardware.Clear();
        Memory.RemoveAll();
    }
}
