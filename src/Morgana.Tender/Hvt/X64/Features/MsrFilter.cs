using System.Buffers.Binary;
using Morgana.Tender.Linux;

namespace Morgana.Tender.Hvt;

/// <summary>
/// The model-specific registers that a guest may touch: the few that a program in 64-bit mode needs. Any other ends in a general protection fault
/// inside the guest, and the code of KVM that stands for the hundreds of them is not reached.
/// </summary>
internal static unsafe class MsrFilter
{
    /// <summary>Bytes of <c>struct kvm_msr_filter</c>.</summary>
    internal const int Size = 8 + MostRanges * RangeSize;

    private const int MostRanges = 16;
    private const int RangeSize = 24;
    private const uint DefaultDeny = 1; // KVM_MSR_FILTER_DEFAULT_DENY
    private const uint ReadWrite = 3; // KVM_MSR_FILTER_READ | KVM_MSR_FILTER_WRITE

    /// <summary>Ranges of registers, each with its reason.</summary>
    public static IReadOnlyList<(uint First, uint Count, string Reason)> Allowed { get; } =
    [
        (0x10, 1, "the time stamp counter, which rdtsc reads as well"),
        (0x277, 1, "PAT: how memory is cached; there is no other memory than the guest's"),
        (0xc000_0080, 1, "EFER: no execution of data; KVM takes only bits that cpuid tells"),
        (
            0xc000_0100,
            4,
            "FS and GS bases, where threads keep their data, and the number that rdtscp reads"
        ),
    ];

    /// <summary>Sets the filter where the kernel has it (Linux 5.10).</summary>
    /// <param name="machine">The machine's descriptor.</param>
    /// <returns>False on an older kernel.</returns>
    public static bool Set(int machine)
    {
        byte* filter = stackalloc byte[Size];
        byte* bitmap = stackalloc byte[1];
        *bitmap = 0xff;
        Write(new Span<byte>(filter, Size), (ulong)bitmap);
        return LinuxCalls.DeviceControl(machine, KvmRequest.SetMsrFilter, filter) >= 0;
    }

    /// <summary>Writes the filter as the kernel wants it.</summary>
    /// <param name="filter">Where, <see cref="Size"/> bytes.</param>
    /// <param name="bitmap">Address of 8 set bits, which is as many as the largest range needs.</param>
    internal static void Write(Span<byte> filter, ulong bitmap)
    {
        filter.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(filter, DefaultDeny);
        for (int i = 0; i < Allowed.Count; i++)
        {
            Span<byte> range = filter.Slice(8 + i * RangeSize, RangeSize);
            BinaryPrimitives.WriteUInt32LittleEndian(range, ReadWrite);
            BinaryPrimitives.WriteUInt32LittleEndian(range[4..], Allowed[i].Count);
            BinaryPrimitives.WriteUInt32LittleEndian(range[8..], Allowed[i].First);
            BinaryPrimitives.WriteUInt64LittleEndian(range[16..], bitmap);
        }
    }
}
