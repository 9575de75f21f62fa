using Morgana.Tender.Hvt.Debugging;

namespace Morgana.Tender.Hvt;

/// <summary>Runs a machine until its guest halts.</summary>
internal static class HvtRun
{
    /// <summary>Runs it.</summary>
    /// <returns>The guest's exit status.</returns>
    /// <exception cref="TenderException">The guest did what no guest does, or KVM failed.</exception>
    public static int Run(KvmMachine machine, HypercallHandler calls, HvtDebugging debugging)
    {
        try
        {
            debugging.Begin();
            int status = RunToHalt(machine, calls, debugging);
            debugging.Halted(status, calls.Cookie);
            return status;
        }
        catch (TenderException)
        {
            debugging.Ended();
            throw;
        }
    }

    private static int RunToHalt(KvmMachine machine, HypercallHandler calls, HvtDebugging debugging)
    {
        GuestProcessor processor = machine.Processor;
        while (true)
        {
            if (!debugging.Run())
            {
                continue;
            }

            if (!processor.TryReadHypercall(machine, out uint call, out GuestAddress argument))
            {
                throw Stopped(machine);
            }

            try
            {
                if (calls.Handle(call, argument, out int status))
                {
                    return status;
                }
            }
            catch (GuestLieException lie)
            {
                throw new TenderException($"the guest was ended: hypercall {call}: {lie.Message}");
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
            KvmExit.SystemEvent => new TenderException(
                "the guest was ended: it asked firmware that it does not have to turn its machine off"
            ),
            KvmExit.Mmio when machine.MmioAccess.Address < machine.Memory.Size =>
                new TenderException(
                    $"the guest was ended: host/guest translation fault: {machine.Processor.Place(machine)}: it wrote to read-only memory at 0x{machine.MmioAccess.Address:x}"
                ),
            KvmExit.Mmio => new TenderException(
                $"the guest was ended: it accessed 0x{machine.MmioAccess.Address:x}, where it has no memory: {machine.Processor.Place(machine)}"
            ),
            _ => new TenderException(
                $"the guest was ended: it stopped for a reason that no guest has ({(int)machine.Exit})"
            ),
        };
}
