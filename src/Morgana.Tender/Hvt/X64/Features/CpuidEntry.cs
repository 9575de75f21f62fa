using System.Runtime.InteropServices;

namespace Morgana.Tender.Hvt;

/// <summary>What <c>cpuid</c> answers for a leaf (<c>struct kvm_cpuid_entry2</c>, 40 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct CpuidEntry
{
    public uint Leaf;
    public uint Subleaf;
    public uint Flags;
    public uint Eax;
    public uint Ebx;
    public uint Ecx;
    public uint Edx;
    public uint Padding0;
    public uint Padding1;
    public uint Padding2;
}
