using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Morgana.Tender.Hvt;

/// <summary>Puts an x86-64 processor into the state in which an hvt image begins: 64-bit mode, memory mapped one to one.</summary>
internal sealed unsafe class X64Processor : GuestProcessor
{
    private const ulong Present = 1;
    private const ulong Writable = 2;
    private const ulong Large = 0x80;

    private const ulong Cr0 = 0x8001_0021; // PG | WP | NE | PE
    private const ulong Cr4 = 0x620; // OSXMMEXCPT | OSFXSR | PAE
    private const ulong Efer = 0x500; // LMA | LME
    private const ulong Rflags = 2;

    private const int CpuidEntries = 256;

    /// <inheritdoc/>
    public override string InstructionPointerName => "rip";

    /// <inheritdoc/>
    public override (ulong Address, bool IsPort) RingKick => (HvtAbi.RingPort, true);

    /// <inheritdoc/>
    public override nuint ReadRegistersRequest => KvmRequest.GetRegisters;

    /// <inheritdoc/>
    public override nuint MachineType(Func<int, int> extension) => 0;

    /// <inheritdoc/>
    public override void Restrict(int machine)
    {
        _ = PerformanceCounters.TakeAway(machine);
        _ = MsrFilter.Set(machine);
    }

    /// <inheritdoc/>
    public override void Prepare(KvmMachine machine, ulong entry)
    {
        WriteDescriptors(machine.Memory);
        WritePageTables(machine.Memory);
        SetCpuid(machine);
        X64SystemRegisters system = new()
        {
            Cs = X64Segment.Code,
            Ds = X64Segment.Data,
            Es = X64Segment.Data,
            Fs = X64Segment.Data,
            Gs = X64Segment.Data,
            Ss = X64Segment.Data,
            Tr = X64Segment.Task,
            Ldt = X64Segment.Unusable,
            Gdt = new() { Base = X64Layout.Descriptors, Limit = 23 },
            Cr0 = Cr0,
            Cr3 = X64Layout.PageMap,
            Cr4 = Cr4,
            Efer = Efer,
        };
        _ = machine.Control(
            KvmRequest.SetSystemRegisters,
            &system,
            "set the processor's system registers"
        );

        // At a function's entry the stack pointer is 8 below a multiple of 16 (System V ABI for AMD64, section 3.2.2).
        X64Registers registers = new()
        {
            Rip = entry,
            Rflags = Rflags,
            Rsp = machine.Memory.Size - 8,
            Rdi = GuestLayout.BootInfo,
        };
        _ = machine.Control(KvmRequest.SetRegisters, &registers, "set the processor's registers");
    }

    /// <inheritdoc/>
    public override ulong CounterRate(KvmMachine machine)
    {
        if (
            machine.ControlKvm(
                KvmRequest.CheckExtension,
                (void*)KvmRequest.TscExtension,
                "tell its extensions"
            ) == 0
        )
        {
            throw new TenderException(
                "KVM does not tell the rate of the time stamp counter: this kernel is too old for hvt"
            );
        }

        return (ulong)
                machine.Control(
                    KvmRequest.GetTscKilohertz,
                    null,
                    "tell the rate of the time stamp counter (is it unstable on this host?)"
                ) * 1000;
    }

    /// <inheritdoc/>
    public override bool TryReadHypercall(
        KvmMachine machine,
        out uint call,
        out GuestAddress argument
    )
    {
        call = 0;
        argument = default;
        if (machine.Exit != KvmExit.Port)
        {
            return false;
        }

        (ushort port, int size, bool isWrite, uint count, uint value) = machine.PortAccess;
        if (!isWrite || size != 4 || count != 1 || port < HvtAbi.PortBase)
        {
            throw new TenderException(
                $"Invalid guest port access: port=0x{port:x}: a hypercall is one 32-bit write to a port from 0x{HvtAbi.PortBase:x}"
            );
        }

        call = (uint)port - HvtAbi.PortBase;
        argument = new(value);
        return true;
    }

    /// <inheritdoc/>
    public override ulong InstructionPointer(KvmMachine machine)
    {
        X64Registers registers;
        _ = machine.Control(KvmRequest.GetRegisters, &registers, "tell the processor's registers");
        return registers.Rip;
    }

    private static void WriteDescriptors(GuestMemory memory)
    {
        Span<byte> table = memory.Host(X64Layout.Descriptors, 24);
        BinaryPrimitives.WriteUInt64LittleEndian(table[8..], X64Segment.Code.Descriptor);
        BinaryPrimitives.WriteUInt64LittleEndian(table[16..], X64Segment.Data.Descriptor);
    }

    private static void WritePageTables(GuestMemory memory)
    {
        Entry(X64Layout.PageMap, 0, X64Layout.PageDirectoryPointers | Writable | Present);
        for (int i = 0; i < 4; i++)
        {
            ulong directory = X64Layout.PageDirectories + 0x1000 * (ulong)i;
            Entry(X64Layout.PageDirectoryPointers, i, directory | Writable | Present);
        }

        Entry(X64Layout.PageDirectories, 0, X64Layout.FirstPageTable | Writable | Present);
        for (ulong at = GuestLayout.BootInfo; at < GuestLayout.LargePage; at += 0x1000)
        {
            ulong writable = at < GuestLayout.LowestImageAddress ? 0 : Writable;
            Entry(X64Layout.FirstPageTable, (int)(at / 0x1000), at | writable | Present);
        }

        for (ulong at = GuestLayout.LargePage; at < memory.Mapped; at += GuestLayout.LargePage)
        {
            // The directories lie one behind the other: four tables of 512 entries.
            Entry(
                X64Layout.PageDirectories,
                (int)(at / GuestLayout.LargePage),
                at | Large | Writable | Present
            );
        }

        void Entry(ulong table, int index, ulong value) =>
            BinaryPrimitives.WriteUInt64LittleEndian(
                memory.Host(table + 8 * (ulong)index, 8),
                value
            );
    }

    private static void SetCpuid(KvmMachine machine)
    {
        // struct kvm_cpuid2: how many entries, padding, the entries.
        const int Header = 8;
        byte[] table = new byte[Header + CpuidEntries * Unsafe.SizeOf<CpuidEntry>()];
        Span<CpuidEntry> entries = MemoryMarshal.Cast<byte, CpuidEntry>(table.AsSpan(Header));
        BinaryPrimitives.WriteInt32LittleEndian(table, CpuidEntries);
        fixed (byte* at = table)
        {
            _ = machine.ControlKvm(
                KvmRequest.GetSupportedCpuid,
                at,
                "tell what processors it offers"
            );
            int count = Math.Min(BinaryPrimitives.ReadInt32LittleEndian(table), CpuidEntries);
            CpuidEntry[] told = CpuidMask.Apply(entries[..count]);
            told.CopyTo(entries);
            BinaryPrimitives.WriteInt32LittleEndian(table, told.Length);
            _ = machine.Control(KvmRequest.SetCpuid, at, "set the processor's features");
        }
    }
}
