using System.Buffers.Binary;

namespace Morgana.Tender.Hvt;

/// <summary>
/// An AArch64 processor at EL1 with its memory mapped one to one and its caches on, without an interrupt controller and without
/// the firmware's calls (PSCI): a guest has its counter and its hypercalls, and nothing else.
/// </summary>
internal sealed unsafe class Arm64Processor : GuestProcessor
{
    private const int AddressBits = 165; // KVM_CAP_ARM_VM_IPA_SIZE
    private const int UsualAddressBits = 40; // what a machine of type 0 has
    private const int LeastAddressBits = 33; // hypercalls are stores above 4 GiB

    // PSTATE: debug, SError, IRQ and FIQ masked; EL1 with its own stack pointer.
    private const ulong State = 0x3c5;

    // SCTLR_EL1: MMU, data and instruction caches; and the bits that are one in ARMv8.0.
    private const ulong Control = 0x30d0_0800 | 1 << 12 | 1 << 2 | 1;
    private const ulong ControlWithoutMmu = 0x30d0_0800;

    // TCR_EL1: 40 bits of address from TTBR0, walks cached and inner shareable, 4 KiB pages, 1 TiB of physical address,
    // ASIDs of 16 bits, the top byte of addresses ignored: as in solo5-hvt.
    private const ulong Translation = 0x32_b518_3518;

    // CPACR_EL1.FPEN: floating point and Advanced SIMD do not trap.
    private const ulong FloatingPoint = 3 << 20;

    // Asks the counter's rate from where it is known: mrs x0, cntfrq_el0; str w0, [x1].
    private static ReadOnlySpan<byte> ProbeCode => [0x00, 0xe0, 0x3b, 0xd5, 0x20, 0x00, 0x00, 0xb9];

    /// <inheritdoc/>
    public override string InstructionPointerName => "pc";

    /// <inheritdoc/>
    public override (ulong Address, bool IsPort) RingKick => (HvtAbi.RingMmio, false);

    /// <inheritdoc/>
    public override nuint ReadRegistersRequest => KvmRequest.GetOneRegister;

    /// <inheritdoc/>
    public override nuint MachineType(Func<int, int> extension)
    {
        // Type 0 has 40 bits of guest physical address, which not every processor can translate; kernels that do not know
        // the extension have nothing else.
        int most = extension(AddressBits);
        if (most is > 0 and < LeastAddressBits)
        {
            throw new TenderException(
                $"this processor translates {most} bits of guest addresses, and hvt needs {LeastAddressBits}; run the unikernel on the target spt"
            );
        }

        return most is 0 or >= UsualAddressBits ? 0 : (nuint)most;
    }

    /// <inheritdoc/>
    /// <remarks>
    /// KVM has no request for it, and a program of .NET no way to read CNTFRQ_EL0: the guest's processor runs two instructions
    /// for it, before the guest. Their page is not mapped for the guest.
    /// </remarks>
    public override ulong CounterRate(KvmMachine machine)
    {
        Reset(machine);
        Span<byte> code = machine.Memory.Host(Arm64Layout.Probe, ProbeCode.Length);
        ProbeCode.CopyTo(code);
        Set(machine, Arm64Register.SystemControl, ControlWithoutMmu);
        Set(machine, Arm64Register.ProcessorState, State);
        Set(machine, Arm64Register.X1, HvtAbi.MmioBase);
        Set(machine, Arm64Register.ProgramCounter, Arm64Layout.Probe);
        machine.Run();
        (ulong address, uint size, bool isWrite, uint rate) = machine.MmioAccess;
        if (
            machine.Exit != KvmExit.Mmio
            || address != HvtAbi.MmioBase
            || size != 4
            || !isWrite
            || rate == 0
        )
        {
            throw new TenderException(
                $"the processor does not tell the rate of its counter (KVM's reason is {(int)machine.Exit}): the firmware has not set CNTFRQ_EL0"
            );
        }

        machine.FinishExit();
        code.Clear();
        return rate;
    }

    /// <inheritdoc/>
    public override void Prepare(KvmMachine machine, ulong entry)
    {
        Arm64Tables.Write(machine.Memory);
        Reset(machine);
        Set(machine, Arm64Register.FeatureAccess, FloatingPoint);
        Set(machine, Arm64Register.MemoryAttributes, Arm64Tables.Attributes);
        Set(machine, Arm64Register.TranslationControl, Translation);
        Set(machine, Arm64Register.TableBase, Arm64Layout.Level0);
        Set(machine, Arm64Register.SystemControl, Control);
        Set(machine, Arm64Register.ProcessorState, State);
        Set(machine, Arm64Register.StackPointer, machine.Memory.Size - 16);
        Set(machine, Arm64Register.X0, GuestLayout.BootInfo);
        Set(machine, Arm64Register.X1, 0);
        Set(machine, Arm64Register.ProgramCounter, entry);
    }

    /// <inheritdoc/>
    public override bool TryReadHypercall(
        KvmMachine machine,
        out uint call,
        out GuestAddress argument
    )
    {
        (ulong address, uint size, bool isWrite, uint value) = machine.MmioAccess;
        ulong offset = unchecked(address - HvtAbi.MmioBase);
        call = (uint)(offset / 8);
        argument = new(value);
        if (machine.Exit != KvmExit.Mmio || offset >= Arm64Layout.MmioSize)
        {
            return false;
        }

        return isWrite && size == 4 && offset % 8 == 0
            ? true
            : throw new TenderException(
                $"Invalid guest mmio access: mmio=0x{address:x} len={size}: a hypercall is one 32-bit write to 0x{HvtAbi.MmioBase:x} and 8 times its number"
            );
    }

    /// <inheritdoc/>
    public override ulong InstructionPointer(KvmMachine machine)
    {
        ulong value;
        ulong* register = stackalloc ulong[2] { Arm64Register.ProgramCounter, (ulong)&value };
        _ = machine.Control(KvmRequest.GetOneRegister, register, "tell the processor's registers");
        return value;
    }

    private static void Reset(KvmMachine machine)
    {
        // struct kvm_vcpu_init: the kind of processor and no optional features.
        uint* kind = stackalloc uint[8];
        _ = machine.ControlMachine(
            KvmRequest.PreferredTarget,
            kind,
            "tell the kind of its processor"
        );
        new Span<uint>(kind + 1, 7).Clear();
        _ = machine.Control(KvmRequest.InitializeCpu, kind, "reset the processor");
    }

    private static void Set(KvmMachine machine, ulong register, ulong value)
    {
        // struct kvm_one_reg
        ulong* argument = stackalloc ulong[2] { register, (ulong)&value };
        _ = machine.Control(KvmRequest.SetOneRegister, argument, "set a register of the processor");
    }
}
