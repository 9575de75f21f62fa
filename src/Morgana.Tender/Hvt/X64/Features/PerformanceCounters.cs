using Morgana.Tender.Linux;

namespace Morgana.Tender.Hvt;

/// <summary>The host's performance counters, which KVM shares with guests unless it is told not to.</summary>
internal static unsafe class PerformanceCounters
{
    private const uint PmuCapability = 212; // KVM_CAP_PMU_CAPABILITY
    private const ulong Disable = 1; // KVM_PMU_CAP_DISABLE

    /// <summary>Takes them from a machine that has no processor yet, where the kernel can (Linux 5.18).</summary>
    /// <param name="machine">The machine's descriptor.</param>
    /// <returns>False on an older kernel. <c>cpuid</c> tells of no counters in any case.</returns>
    public static bool TakeAway(int machine)
    {
        // struct kvm_enable_cap: 104 bytes.
        ulong* request = stackalloc ulong[13];
        new Span<ulong>(request, 13).Clear();
        request[0] = PmuCapability;
        request[1] = Disable;
        return LinuxCalls.DeviceControl(machine, KvmRequest.EnableCapability, request) >= 0;
    }
}
