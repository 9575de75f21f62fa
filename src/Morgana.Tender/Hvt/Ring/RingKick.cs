using Morgana.Tender.Linux;

namespace Morgana.Tender.Hvt;

/// <summary>How a guest wakes the ring's thread: a write to a place of its own, which KVM turns into an event without leaving the guest for long.</summary>
internal static unsafe class RingKick
{
    private const uint IsPort = 2; // KVM_IOEVENTFD_FLAG_PIO

    /// <summary>Makes the event.</summary>
    /// <param name="machine">The machine.</param>
    /// <returns>Its descriptor, or a negative number where KVM has no such events.</returns>
    public static int Create(KvmMachine machine)
    {
        int descriptor = LinuxCalls.EventDescriptor(0, 0);
        if (descriptor < 0)
        {
            return descriptor;
        }

        // struct kvm_ioeventfd: datamatch, addr, len, fd, flags, padding.
        (ulong address, bool port) = machine.Processor.RingKick;
        ulong* request = stackalloc ulong[8];
        new Span<ulong>(request, 8).Clear();
        request[1] = address;
        ((uint*)request)[4] = 4;
        ((int*)request)[5] = descriptor;
        ((uint*)request)[6] = port ? IsPort : 0;
        if (machine.TryControlMachine(KvmRequest.SetEventDescriptor, request))
        {
            return descriptor;
        }

        _ = LinuxCalls.Close(descriptor);
        return -1;
    }
}
