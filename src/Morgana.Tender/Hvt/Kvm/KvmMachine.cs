using System.Buffers.Binary;
using Morgana.Tender.Linux;

namespace Morgana.Tender.Hvt;

/// <summary>A virtual machine of Linux's KVM with one processor and one region of memory that begins at address 0.</summary>
internal sealed unsafe class KvmMachine
{
    private const int ImmediateExitOffset = 1;
    private const int ExitReasonOffset = 8;
    private const int ExitOffset = 32;

    // A multiple of the host's large pages, so that guest memory can have them.
    private const uint Guard = 2 << 20;
    private readonly int kvm;
    private readonly int machine;
    private readonly byte* run;

    private KvmMachine(
        int kvm,
        int machine,
        int cpu,
        byte* run,
        GuestMemory memory,
        GuestProcessor processor
    )
    {
        Processor = processor;
        this.kvm = kvm;
        this.machine = machine;
        this.run = run;
        Cpu = cpu;
        Memory = memory;
    }

    /// <summary>Descriptor of the processor.</summary>
    public int Cpu { get; }

    /// <summary>What kind of processor it is.</summary>
    public GuestProcessor Processor { get; }

    /// <summary>The machine's memory, zeroed.</summary>
    public GuestMemory Memory { get; }

    /// <summary>Why the guest stopped.</summary>
    public KvmExit Exit =>
        (KvmExit)BinaryPrimitives.ReadUInt32LittleEndian(Of(ExitReasonOffset, 4));

    /// <summary>What the guest wrote to a port, when it stopped for that.</summary>
    public (ushort Port, int Size, bool IsWrite, uint Count, uint Value) PortAccess
    {
        get
        {
            ReadOnlySpan<byte> io = Of(ExitOffset, 16);
            ulong data = BinaryPrimitives.ReadUInt64LittleEndian(io[8..]);
            return (
                BinaryPrimitives.ReadUInt16LittleEndian(io[2..]),
                io[1],
                io[0] == 1,
                BinaryPrimitives.ReadUInt32LittleEndian(io[4..]),
                BinaryPrimitives.ReadUInt32LittleEndian(Of((int)data, 4))
            );
        }
    }

    /// <summary>What the guest accessed where there is no memory, when it stopped for that.</summary>
    public (ulong Address, uint Size, bool IsWrite, uint Value) MmioAccess
    {
        get
        {
            ReadOnlySpan<byte> mmio = Of(ExitOffset, 24);
            return (
                BinaryPrimitives.ReadUInt64LittleEndian(mmio),
                BinaryPrimitives.ReadUInt32LittleEndian(mmio[16..]),
                mmio[20] != 0,
                BinaryPrimitives.ReadUInt32LittleEndian(mmio[8..])
            );
        }
    }

    /// <summary>The kernel's reason for an entry that failed or an error of its own.</summary>
    public ulong FailureReason => BinaryPrimitives.ReadUInt64LittleEndian(Of(ExitOffset, 8));

    /// <summary>What KVM tells of the stop beyond its reason.</summary>
    /// <param name="length">How many bytes, at most 256.</param>
    public ReadOnlySpan<byte> ExitData(int length) => Of(ExitOffset, length);

    /// <summary>Makes a machine.</summary>
    /// <param name="memorySize">Bytes of memory, a multiple of the page size.</param>
    /// <param name="shared">Bytes above it that the guest shares with the host; no hypercall may name them.</param>
    /// <exception cref="TenderException">There is no KVM, or it refuses.</exception>
    public static KvmMachine Create(ulong memorySize, ulong shared = 0)
    {
        int kvm = LinuxFile.Open("/dev/kvm", LinuxCalls.OpenReadWrite | LinuxCalls.OpenCloseOnExec);
        if (kvm < 0)
        {
            throw new TenderException(
                LinuxError.Last switch
                {
                    LinuxError.NoSuchFile =>
                        "/dev/kvm is not there: this kernel or machine has no hardware virtualisation (load kvm_intel or kvm_amd, or allow nested virtualisation), or run the unikernel on the target spt",
                    LinuxError.AccessDenied =>
                        "/dev/kvm may not be opened by this user: join the group kvm, or let root allow it",
                    _ => $"/dev/kvm: {LinuxError.LastText}",
                }
            );
        }

        int version = LinuxCalls.DeviceControl(kvm, KvmRequest.GetApiVersion, null);
        if (version != KvmRequest.ApiVersion)
        {
            throw new TenderException(
                $"/dev/kvm speaks version {version} of its interface, not {KvmRequest.ApiVersion}"
            );
        }

        GuestProcessor processor = GuestProcessor.Host;
        nuint type = processor.MachineType(number =>
            Math.Max(0, LinuxCalls.DeviceControl(kvm, KvmRequest.CheckExtension, (void*)number))
        );
        int machine = Require(
            LinuxCalls.DeviceControl(kvm, KvmRequest.CreateMachine, (void*)type),
            "make a machine"
        );
        processor.Restrict(machine);
        int cpu = Require(
            LinuxCalls.DeviceControl(machine, KvmRequest.CreateCpu, null),
            "make a processor"
        );
        int runSize = Require(
            LinuxCalls.DeviceControl(kvm, KvmRequest.GetRunSize, null),
            "tell the size of its run structure"
        );
        byte* run = Map((nuint)runSize, LinuxCalls.MapShared, cpu, "the processor's run structure");
        byte* memory = MapBetweenGuards(memorySize + shared);

        // struct kvm_userspace_memory_region
        ulong* region = stackalloc ulong[4];
        region[0] = 0;
        region[1] = 0;
        region[2] = memorySize + shared;
        region[3] = (ulong)memory;
        _ = Require(
            LinuxCalls.DeviceControl(machine, KvmRequest.SetMemory, region),
            "take the guest's memory"
        );
        return new KvmMachine(
            kvm,
            machine,
            cpu,
            run,
            new GuestMemory(memory, memorySize, shared),
            processor
        );
    }

    /// <summary>Asks or sets something of the machine's processor.</summary>
    /// <exception cref="TenderException">KVM refuses.</exception>
    public int Control(nuint request, void* argument, string what) =>
        Require(LinuxCalls.DeviceControl(Cpu, request, argument), what);

    /// <summary>Asks something of KVM itself.</summary>
    /// <exception cref="TenderException">KVM refuses.</exception>
    public int ControlKvm(nuint request, void* argument, string what) =>
        Require(LinuxCalls.DeviceControl(kvm, request, argument), what);

    /// <summary>Asks or sets something of the machine as a whole.</summary>
    /// <exception cref="TenderException">KVM refuses.</exception>
    public int ControlMachine(nuint request, void* argument, string what) =>
        Require(LinuxCalls.DeviceControl(machine, request, argument), what);

    /// <summary>Asks or sets something of the machine as a whole that not every kernel has.</summary>
    /// <returns>False when KVM refuses.</returns>
    public bool TryControlMachine(nuint request, void* argument) =>
        LinuxCalls.DeviceControl(machine, request, argument) >= 0;

    /// <summary>Closes what the guest's run does not need.</summary>
    public void CloseSpare()
    {
        _ = LinuxCalls.Close(kvm);
        _ = LinuxCalls.Close(machine);
    }

    /// <summary>Lets the guest run until it stops.</summary>
    /// <exception cref="TenderException">KVM cannot run it.</exception>
    public void Run()
    {
        while (!TryRun())
        {
            // A signal came.
        }
    }

    /// <summary>Lets the guest run until it stops.</summary>
    /// <returns>False when a signal came before.</returns>
    /// <exception cref="TenderException">KVM cannot run it.</exception>
    public bool TryRun()
    {
        if (LinuxCalls.DeviceControl(Cpu, KvmRequest.Run, null) < 0)
        {
            if (LinuxError.Last == LinuxError.Interrupted)
            {
                return false;
            }

            if (LinuxError.Last == LinuxError.BadAddress)
            {
                throw new TenderException(
                    $"the guest was ended: host/guest translation fault: {Processor.Place(this)}: it wrote to read-only memory"
                );
            }

            if (LinuxError.Last == LinuxError.NotImplemented)
            {
                // arm64: the processor describes simple loads and stores only, and KVM decodes no instructions.
                throw new TenderException(
                    $"the guest was ended: {Processor.Place(this)}: it accessed an address where it has no memory, by an instruction that is no hypercall"
                );
            }

            throw new TenderException($"KVM cannot run the guest: {LinuxError.LastText}");
        }

        return true;
    }

    /// <summary>
    /// Lets KVM finish the access for which the guest stopped, without letting the guest run: before its registers are set, as
    /// the instruction counts as done only then.
    /// </summary>
    /// <exception cref="TenderException">KVM fails.</exception>
    public void FinishExit()
    {
        run[ImmediateExitOffset] = 1;
        int result = LinuxCalls.DeviceControl(Cpu, KvmRequest.Run, null);
        if (result >= 0 || LinuxError.Last != LinuxError.Interrupted)
        {
            throw new TenderException(
                $"KVM does not finish the guest's access: {LinuxError.LastText}"
            );
        }

        run[ImmediateExitOffset] = 0;
    }

    private ReadOnlySpan<byte> Of(int offset, int length) => new(run + offset, length);

    private static int Require(int result, string what) =>
        result >= 0
            ? result
            : throw new TenderException($"KVM does not {what}: {LinuxError.LastText}");

    // Nothing of the host's lies beside guest memory: what would ever reach past it faults.
    private static byte* MapBetweenGuards(ulong size)
    {
        string what = $"{size >> 20} MB of guest memory";
        byte* guarded = Map(
            (nuint)(Guard + size + Guard),
            LinuxCalls.MapPrivate | LinuxCalls.MapAnonymous | LinuxCalls.MapNoReserve,
            -1,
            what
        );
        return
            LinuxCalls.Protect(guarded, Guard, 0) >= 0
            && LinuxCalls.Protect(guarded + Guard + size, Guard, 0) >= 0
            ? guarded + Guard
            : throw new TenderException($"{what}: {LinuxError.LastText}");
    }

    private static byte* Map(nuint size, int flags, int descriptor, string what)
    {
        void* at = LinuxCalls.Map(
            null,
            size,
            LinuxCalls.ProtectRead | LinuxCalls.ProtectWrite,
            flags,
            descriptor,
            0
        );
        return (nint)at != -1
            ? (byte*)at
            : throw new TenderException($"{what}: {LinuxError.LastText}");
    }
}
