namespace Morgana.Tender.Hvt;

/// <summary>Runs a machine until its guest halts.</summary>
internal static class HvtRun
{
    /// <summary>Runs it.</summary>
    /// <returns>The guest's exit status.</returns>
    /// <exception cref="TenderException">The guest did what no guest does, or KVM failed.</exception>
    public static int Run(KvmMachine machine, HypercallHandler calls)
    {
        while (true)
        {
            machine.Run();
            if (machine.Exit != KvmExit.Port)
            {
                throw Stopped(machine);
            }

            (ushort port, int size, bool isWrite, uint count, uint value) = machine.PortAccess;
            if (!isWrite || size != 4 || count != 1 || port < HvtAbi.PortBase)
            {
                throw new TenderException(
                    $"Invalid guest port access: port=0x{port:x}: a hypercall is one 32-bit write to a port from 0x{HvtAbi.PortBase:x}"
                );
            }

            try
            {
                if (calls.Handle((uint)port - HvtAbi.PortBase, new(value), out int status))
                {
                    return status;
                }
            }
            catch (GuestLieException lie)
            {
                throw new TenderException(
                    $"the guest was ended: hypercall {port - HvtAbi.PortBase}: {lie.Message}"
                );
            }
        }
    }

    private static TenderException Stopped(KvmMachine machine) =>
        machine.Exit switch
        {
            KvmExit.FailedEntry => new TenderException(
                $"KVM cannot enter the guest: the processor's reason is 0x{machine.FailureReason:x}"
            ),
            KvmExit.InternalError => new TenderException(
                $"KVM gave up on the guest: its reason is {(uint)machine.FailureReason}"
            ),
            KvmExit.Shutdown => new TenderException(
                "the guest was ended: a fault while it handled a fault (triple fault): its memory or its tables are damaged"
            ),
            KvmExit.Mmio when machine.MmioAccess.Address < machine.Memory.Size =>
                new TenderException(
                    $"the guest was ended: host/guest translation fault: rip=0x{X64Processor.InstructionPointer(machine):x}: it wrote to read-only memory at 0x{machine.MmioAccess.Address:x}"
                ),
            KvmExit.Mmio => new TenderException(
                $"the guest was ended: it accessed 0x{machine.MmioAccess.Address:x}, where it has no memory"
            ),
            _ => new TenderException(
                $"the guest was ended: it stopped for a reason that no guest has ({(int)machine.Exit})"
            ),
        };
}
