using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>An x86-64 processor of KVM, as a debugger sees it.</summary>
internal sealed unsafe class X64DebugProcessor : IDebugProcessor
{
    private const uint Enabled = 1; // KVM_GUESTDBG_ENABLE
    private const uint Stepping = 2; // KVM_GUESTDBG_SINGLESTEP
    private const uint Instructions = 1 << 16; // KVM_GUESTDBG_USE_SW_BP
    private const uint DebugRegisters = 1 << 17; // KVM_GUESTDBG_USE_HW_BP
    private const int DebugStateSize = 72; // struct kvm_guest_debug
    private const uint BreakpointException = 3;

    // Carry, parity, adjust, zero, sign, direction, overflow: the others are not the program's.
    private const uint ProgramFlags = 0xcd5;
    private const ulong Dr7Fixed = 1 << 10;
    private const ulong Dr7Exact = 3 << 8;

    private readonly KvmMachine machine;
    private readonly bool hasAvx = Avx.IsSupported;
    private readonly byte[] floatingPoint = new byte[X64FloatingPoint.Size];
    private X64SystemRegisters? system;

    /// <summary>Takes a machine's processor.</summary>
    public X64DebugProcessor(KvmMachine machine)
    {
        this.machine = machine;
        Registers = X64RegisterSet.Create(hasAvx);
    }

    /// <inheritdoc/>
    public RegisterSet Registers { get; }

    /// <inheritdoc/>
    /// <remarks>
    /// Not int3: emulators of virtualisation do not tell KVM of it. A guest that halts goes to the tender on every processor, no
    /// bindings let theirs halt, and the instruction is as short.
    /// </remarks>
    public ReadOnlySpan<byte> BreakpointInstruction => [0xf4]; // hlt

    /// <inheritdoc/>
    public int HardwareBreakpoints => 4;

    /// <inheritdoc/>
    public int HardwareWatchpoints => 4;

    /// <inheritdoc/>
    public bool SharesStops => true;

    /// <inheritdoc/>
    public IReadOnlyList<(nuint Request, string Reason)> Requests =>
        [
            (KvmRequest.SetGuestDebug, "breakpoints and steps"),
            (KvmRequest.GetRegisters, "the registers"),
            (KvmRequest.SetRegisters, "registers that the debugger changes: the guest's own"),
            (KvmRequest.GetSystemRegisters, "the segments, and where the page tables are"),
            (KvmRequest.GetXsave, "the vector registers"),
            (KvmRequest.SetXsave, "vector registers that the debugger changes: the guest's own"),
        ];

    private X64SystemRegisters System
    {
        get
        {
            if (system is null)
            {
                X64SystemRegisters read;
                _ = machine.Control(
                    KvmRequest.GetSystemRegisters,
                    &read,
                    "tell the processor's system registers"
                );
                system = read;
            }

            return system.Value;
        }
    }

    /// <inheritdoc/>
    public void ReadRegisters(Span<byte> values)
    {
        X64Registers general = ReadGeneral();
        X64SystemRegisters segments = System;
        ReadFloatingPoint();
        X64GeneralRegisters.Write(general, values);
        uint[] selectors =
        [
            segments.Cs.Selector,
            segments.Ss.Selector,
            segments.Ds.Selector,
            segments.Es.Selector,
            segments.Fs.Selector,
            segments.Gs.Selector,
        ];
        int at = Registers.OffsetOf("cs");
        foreach (uint selector in selectors)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(values[at..], selector);
            at += 4;
        }

        at = Registers.OffsetOf("fs_base");
        BinaryPrimitives.WriteUInt64LittleEndian(values[at..], segments.Fs.Base);
        BinaryPrimitives.WriteUInt64LittleEndian(values[(at + 8)..], segments.Gs.Base);
        X64FloatingPoint.Read(floatingPoint, Registers, hasAvx, values);
    }

    /// <inheritdoc/>
    public bool TryWriteRegisters(ReadOnlySpan<byte> values)
    {
        X64Registers before = ReadGeneral();
        X64Registers general = X64GeneralRegisters.Read(values);
        general.Rflags = before.Rflags & ~(ulong)ProgramFlags | general.Rflags & ProgramFlags;
        ReadFloatingPoint();
        byte[] image = floatingPoint.AsSpan().ToArray();
        X64FloatingPoint.Write(image, Registers, hasAvx, values);
        try
        {
            // What did not change is not set: the processor may not take back what it told.
            byte[] told = new byte[Registers.Size];
            ReadRegisters(told);
            int from = Registers.OffsetOf("st0");
            int to = Registers.OffsetOf("fs_base");
            bool isChanged =
                !told.AsSpan(from..to).SequenceEqual(values[from..to])
                || !told.AsSpan(to + 16).SequenceEqual(values[(to + 16)..]);
            if (isChanged)
            {
                fixed (byte* at = image)
                {
                    _ = machine.Control(
                        KvmRequest.SetXsave,
                        at,
                        "set the processor's vector registers"
                    );
                }
            }

            _ = machine.Control(KvmRequest.SetRegisters, &general, "set the processor's registers");
            return true;
        }
        catch (TenderException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public void Arm(bool steps, IReadOnlyList<HardwareStop> stops)
    {
        ulong* state = stackalloc ulong[DebugStateSize / 8];
        new Span<ulong>(state, DebugStateSize / 8).Clear();
        uint control = Enabled | Instructions | (steps ? Stepping : 0);
        ulong* registers = state + 1;
        if (stops.Count > 0)
        {
            control |= DebugRegisters;
            registers[7] = Dr7Fixed | Dr7Exact;
            for (int i = 0; i < stops.Count; i++)
            {
                registers[i] = stops[i].Address;
                registers[7] |= 2UL << 2 * i | Condition(stops[i]) << 16 + 4 * i;
            }
        }

        state[0] = control;
        Set(state);
    }

    /// <inheritdoc/>
    public void Disarm()
    {
        ulong* state = stackalloc ulong[DebugStateSize / 8];
        new Span<ulong>(state, DebugStateSize / 8).Clear();
        Set(state);
    }

    /// <inheritdoc/>
    public DebugStop? ReadStop(DebugTarget target)
    {
        if (machine.Exit == KvmExit.Halt)
        {
            X64Registers general = ReadGeneral();
            if (!target.Memory.HasBreakpoint(general.Rip - 1))
            {
                return null;
            }

            // The instruction was carried out.
            general.Rip--;
            _ = machine.Control(KvmRequest.SetRegisters, &general, "set the processor's registers");
            return new(DebugStopKind.Instruction);
        }

        if (machine.Exit != KvmExit.Debug)
        {
            return null;
        }

        // struct kvm_debug_exit_arch
        ReadOnlySpan<byte> exit = machine.ExitData(32);
        if (BinaryPrimitives.ReadUInt32LittleEndian(exit) == BreakpointException)
        {
            return new(DebugStopKind.Instruction);
        }

        IReadOnlyList<HardwareStop> stops = target.Hardware;
        ulong dr6 = BinaryPrimitives.ReadUInt64LittleEndian(exit[16..]);
        for (int i = 0; i < stops.Count; i++)
        {
            if ((dr6 >> i & 1) != 0)
            {
                return stops[i].Kind switch
                {
                    HardwareStopKind.Write => new(DebugStopKind.Write, stops[i].Address),
                    HardwareStopKind.Access => new(DebugStopKind.Access, stops[i].Address),
                    _ => new(DebugStopKind.Hardware),
                };
            }
        }

        return new(DebugStopKind.Step);
    }

    /// <inheritdoc/>
    public ulong? Translate(ulong address) =>
        X64PageWalk.Translate(machine.Memory, System.Cr0, System.Cr3, address);

    /// <inheritdoc/>
    public bool CanWatch(ulong address, ulong length) =>
        length is 1 or 2 or 4 or 8 && address % length == 0;

    /// <summary>The four bits of DR7 that say what for and how many bytes (Intel SDM volume 3B, section 17.2.4).</summary>
    private static ulong Condition(HardwareStop stop)
    {
        ulong kind = stop.Kind switch
        {
            HardwareStopKind.Write => 1,
            HardwareStopKind.Access => 3,
            _ => 0,
        };
        ulong length =
            stop.Kind == HardwareStopKind.Breakpoint ? 0
            : stop.Length == 8 ? 2
            : stop.Length - 1;
        return length << 2 | kind;
    }

    private X64Registers ReadGeneral()
    {
        X64Registers general;
        _ = machine.Control(KvmRequest.GetRegisters, &general, "tell the processor's registers");
        return general;
    }

    private void ReadFloatingPoint()
    {
        fixed (byte* at = floatingPoint)
        {
            _ = machine.Control(KvmRequest.GetXsave, at, "tell the processor's vector registers");
        }
    }

    private void Set(ulong* state)
    {
        // The guest may change its page tables before the next stop.
        system = null;
        _ = machine.Control(KvmRequest.SetGuestDebug, state, "debug guests");
    }
}
