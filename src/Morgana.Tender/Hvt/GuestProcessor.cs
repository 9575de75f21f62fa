using Morgana.Elf;
using Morgana.Tender.Loading;

namespace Morgana.Tender.Hvt;

/// <summary>What differs between the processors that KVM lets guests run on.</summary>
internal abstract class GuestProcessor
{
    /// <summary>That of this host, which is the only one that KVM offers.</summary>
    public static GuestProcessor Host { get; } =
        GuestImage.HostMachine == ElfMachine.Arm64 ? new Arm64Processor() : new X64Processor();

    /// <summary>What messages call the address of the instruction.</summary>
    public abstract string InstructionPointerName { get; }

    /// <summary>The request by which KVM tells the processor's registers.</summary>
    public abstract nuint ReadRegistersRequest { get; }

    /// <summary>Where a 32-bit write of the guest wakes the thread of the network ring: a port or an address.</summary>
    public abstract (ulong Address, bool IsPort) RingKick { get; }

    /// <summary>The argument with which a machine is made, from what KVM answers to <see cref="KvmRequest.CheckExtension"/>.</summary>
    /// <param name="extension">Asks for an extension by its number: 0 when it is not there.</param>
    /// <exception cref="TenderException">No machine for an hvt guest can be made here.</exception>
    public abstract nuint MachineType(Func<int, int> extension);

    /// <summary>Takes from a new machine what its guest has no use for, before it has a processor.</summary>
    /// <param name="machine">The machine's descriptor.</param>
    public virtual void Restrict(int machine) { }

    /// <summary>
    /// The rate of the counter that the guest reads, in Hz. To be asked before <see cref="Prepare"/>: the processor may have to
    /// run for the answer.
    /// </summary>
    /// <exception cref="TenderException">KVM does not tell.</exception>
    public abstract ulong CounterRate(KvmMachine machine);

    /// <summary>Puts the processor into the state in which an hvt image begins, and writes the tables that it uses.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="entry">Where the guest begins.</param>
    /// <exception cref="TenderException">KVM refuses.</exception>
    public abstract void Prepare(KvmMachine machine, ulong entry);

    /// <summary>Reads the hypercall for which a guest stopped.</summary>
    /// <returns>False when it stopped for something else.</returns>
    /// <exception cref="TenderException">It is like a hypercall, but none.</exception>
    public abstract bool TryReadHypercall(
        KvmMachine machine,
        out uint call,
        out GuestAddress argument
    );

    /// <summary>Where the guest was, for messages.</summary>
    /// <exception cref="TenderException">KVM does not tell.</exception>
    public abstract ulong InstructionPointer(KvmMachine machine);

    /// <summary>Where the guest was, as messages say it.</summary>
    public string Place(KvmMachine machine) =>
        $"{InstructionPointerName}=0x{InstructionPointer(machine):x}";
}
