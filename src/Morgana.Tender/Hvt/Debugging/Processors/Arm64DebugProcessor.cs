using System.Buffers.Binary;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>An AArch64 processor of KVM, as a debugger sees it.</summary>
internal sealed unsafe class Arm64DebugProcessor : IDebugProcessor
{
    private const uint Enabled = 1; // KVM_GUESTDBG_ENABLE
    private const uint Stepping = 2; // KVM_GUESTDBG_SINGLESTEP
    private const uint Instructions = 1 << 16; // KVM_GUESTDBG_USE_SW_BP
    private const uint DebugRegisters = 1 << 17; // KVM_GUESTDBG_USE_HW
    private const int Slots = 16; // KVM_ARM_MAX_DBG_REGS
    private const int DebugStateSize = 8 + 4 * 8 * Slots; // struct kvm_guest_debug

    // What registers of KVM are called: a size, a class, and a place (linux/kvm.h, asm/kvm.h).
    private const ulong Core32 = 0x6020_0000_0010_0000;
    private const ulong Core128 = 0x6040_0000_0010_0000;
    private const ulong StackPointer0 = Arm64Register.X0 + 62;
    private const uint FirstVector = 84;
    private const uint FloatingPointStatus = 212;
    private const uint FloatingPointControl = 213;

    // Exception classes of the syndrome (Arm ARM, ESR_ELx.EC).
    private const uint HardwareBreakpoint = 0x30;
    private const uint Step = 0x32;
    private const uint Watchpoint = 0x34;

    // Condition, overflow, zero, negative: the other bits of the processor's state are not the program's.
    private const ulong ProgramFlags = 0xf000_0000;

    // Enabled, at EL1 and EL0, all four bytes of the instruction (DBGBCR<n>_EL1).
    private const ulong BreakpointControl = 1 | 3 << 1 | 0xf << 5;

    private readonly KvmMachine machine;
    private (ulong Control, ulong Translation, ulong Root)? paging;

    /// <summary>Takes a machine's processor, while KVM can still be asked about itself.</summary>
    public Arm64DebugProcessor(KvmMachine machine)
    {
        this.machine = machine;
        HardwareBreakpoints = Count(KvmRequest.HardwareBreakpointsExtension);
        HardwareWatchpoints = Count(KvmRequest.HardwareWatchpointsExtension);
    }

    /// <inheritdoc/>
    public RegisterSet Registers { get; } = Arm64RegisterSet.Create();

    /// <inheritdoc/>
    public ReadOnlySpan<byte> BreakpointInstruction => [0x00, 0x00, 0x20, 0xd4]; // brk #0

    /// <inheritdoc/>
    public int HardwareBreakpoints { get; }

    /// <inheritdoc/>
    public int HardwareWatchpoints { get; }

    /// <inheritdoc/>
    public bool SharesStops => false;

    /// <inheritdoc/>
    public IReadOnlyList<(nuint Request, string Reason)> Requests =>
        [
            (KvmRequest.SetGuestDebug, "breakpoints and steps"),
            (KvmRequest.GetOneRegister, "the registers, and where the page tables are"),
            (KvmRequest.SetOneRegister, "registers that the debugger changes: the guest's own"),
        ];

    /// <inheritdoc/>
    public void ReadRegisters(Span<byte> values)
    {
        for (uint i = 0; i < Arm64RegisterSet.Generals; i++)
        {
            Set64(values, (int)i, Get(Arm64Register.X0 + 2 * i));
        }

        ulong state = Get(Arm64Register.ProcessorState);
        Set64(values, 31, Get(StackPointerOf(state)));
        Set64(values, 32, Get(Arm64Register.ProgramCounter));
        int at = Registers.OffsetOf("cpsr");
        BinaryPrimitives.WriteUInt32LittleEndian(values[at..], (uint)state);
        at = Registers.OffsetOf("v0");
        for (uint i = 0; i < Arm64RegisterSet.Vectors; i++, at += 16)
        {
            fixed (byte* to = values.Slice(at, 16))
            {
                Control(KvmRequest.GetOneRegister, Core128 | (FirstVector + 4 * i), to);
            }
        }

        BinaryPrimitives.WriteUInt32LittleEndian(values[at..], Get32(FloatingPointStatus));
        BinaryPrimitives.WriteUInt32LittleEndian(values[(at + 4)..], Get32(FloatingPointControl));
    }

    /// <inheritdoc/>
    public bool TryWriteRegisters(ReadOnlySpan<byte> values)
    {
        byte[] told = new byte[Registers.Size];
        ReadRegisters(told);
        try
        {
            int cpsr = Registers.OffsetOf("cpsr");
            ulong before = Get(Arm64Register.ProcessorState);
            ulong after = BinaryPrimitives.ReadUInt32LittleEndian(values[cpsr..]);
            ulong state = before & ~ProgramFlags | after & ProgramFlags;
            for (uint i = 0; i < Arm64RegisterSet.Generals; i++)
            {
                Set(Arm64Register.X0 + 2 * i, 8 * (int)i, values, told);
            }

            Set(StackPointerOf(state), 8 * 31, values, told);
            Set(Arm64Register.ProgramCounter, 8 * 32, values, told);
            if (state != before)
            {
                Control(KvmRequest.SetOneRegister, Arm64Register.ProcessorState, &state);
            }

            int at = Registers.OffsetOf("v0");
            for (uint i = 0; i < Arm64RegisterSet.Vectors; i++, at += 16)
            {
                Set(Core128 | (FirstVector + 4 * i), at, values, told, 16);
            }

            Set(Core32 | FloatingPointStatus, at, values, told, 4);
            Set(Core32 | FloatingPointControl, at + 4, values, told, 4);
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
        ulong* breakpointControls = state + 1;
        ulong* breakpointValues = breakpointControls + Slots;
        ulong* watchControls = breakpointValues + Slots;
        ulong* watchValues = watchControls + Slots;
        int breakpoints = 0;
        int watches = 0;
        foreach (HardwareStop stop in stops)
        {
            if (stop.Kind == HardwareStopKind.Breakpoint)
            {
                breakpointControls[breakpoints] = BreakpointControl;
                breakpointValues[breakpoints++] = stop.Address & ~3UL;
            }
            else
            {
                watchControls[watches] = WatchControl(stop);
                watchValues[watches++] = stop.Address & ~7UL;
            }
        }

        state[0] =
            Enabled
            | Instructions
            | (steps ? Stepping : 0)
            | (stops.Count > 0 ? DebugRegisters : 0);
        SetDebugging(state);
    }

    /// <inheritdoc/>
    public void Disarm()
    {
        ulong* state = stackalloc ulong[DebugStateSize / 8];
        new Span<ulong>(state, DebugStateSize / 8).Clear();
        SetDebugging(state);
    }

    /// <inheritdoc/>
    public DebugStop? ReadStop(DebugTarget target)
    {
        if (machine.Exit != KvmExit.Debug)
        {
            return null;
        }

        // struct kvm_debug_exit_arch: the syndrome, its upper half, the address.
        ReadOnlySpan<byte> exit = machine.ExitData(16);
        uint kind = BinaryPrimitives.ReadUInt32LittleEndian(exit) >> 26;
        ulong address = BinaryPrimitives.ReadUInt64LittleEndian(exit[8..]);
        switch (kind)
        {
            case Step:
                return new(DebugStopKind.Step);
            case HardwareBreakpoint:
                return new(DebugStopKind.Hardware);
            case Watchpoint:
                foreach (HardwareStop stop in target.Hardware)
                {
                    // An access may begin before what is watched.
                    if (
                        stop.Kind != HardwareStopKind.Breakpoint
                        && address + 15 >= stop.Address
                        && address < stop.Address + stop.Length
                    )
                    {
                        return new(
                            stop.Kind == HardwareStopKind.Write
                                ? DebugStopKind.Write
                                : DebugStopKind.Access,
                            stop.Address
                        );
                    }
                }

                return new(DebugStopKind.Write, address);
            default:
                return new(DebugStopKind.Instruction);
        }
    }

    /// <inheritdoc/>
    public ulong? Translate(ulong address)
    {
        paging ??= (
            Get(Arm64Register.SystemControl),
            Get(Arm64Register.TranslationControl),
            Get(Arm64Register.TableBase)
        );
        return Arm64PageWalk.Translate(
            machine.Memory,
            paging.Value.Control,
            paging.Value.Translation,
            paging.Value.Root,
            address
        );
    }

    /// <inheritdoc/>
    public bool CanWatch(ulong address, ulong length) =>
        length is >= 1 and <= 8 && address % 8 + length <= 8;

    /// <summary>DBGWCR: enabled, at EL1 and EL0, stores or all, the bytes of the double word that count.</summary>
    private static ulong WatchControl(HardwareStop stop)
    {
        ulong bytes = ((1UL << (int)stop.Length) - 1) << (int)(stop.Address % 8);
        ulong kind = stop.Kind == HardwareStopKind.Write ? 2UL : 3UL;
        return 1 | 3 << 1 | kind << 3 | bytes << 5;
    }

    /// <summary>The stack pointer in use, as the processor's state says (SPSel).</summary>
    private static ulong StackPointerOf(ulong state) =>
        (state & 1) != 0 ? Arm64Register.StackPointer : StackPointer0;

    private static void Set64(Span<byte> values, int index, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(values[(8 * index)..], value);

    private int Count(int extension) =>
        Math.Min(
            Slots,
            machine.ControlKvm(KvmRequest.CheckExtension, (void*)extension, "tell its extensions")
        );

    private ulong Get(ulong register)
    {
        ulong value = 0;
        Control(KvmRequest.GetOneRegister, register, &value);
        return value;
    }

    private uint Get32(uint place)
    {
        uint value = 0;
        Control(KvmRequest.GetOneRegister, Core32 | place, &value);
        return value;
    }

    private void Set(
        ulong register,
        int offset,
        ReadOnlySpan<byte> values,
        ReadOnlySpan<byte> told,
        int size = 8
    )
    {
        ReadOnlySpan<byte> value = values.Slice(offset, size);
        if (!value.SequenceEqual(told.Slice(offset, size)))
        {
            fixed (byte* from = value)
            {
                Control(KvmRequest.SetOneRegister, register, from);
            }
        }
    }

    private void Control(nuint request, ulong register, void* value)
    {
        // struct kvm_one_reg
        ulong* argument = stackalloc ulong[2];
        argument[0] = register;
        argument[1] = (ulong)value;
        _ = machine.Control(request, argument, $"give or take register 0x{register:x}");
    }

    private void SetDebugging(ulong* state)
    {
        paging = null;
        _ = machine.Control(KvmRequest.SetGuestDebug, state, "debug guests");
    }
}
