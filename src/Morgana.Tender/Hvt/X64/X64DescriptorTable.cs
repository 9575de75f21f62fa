using System.Runtime.InteropServices;

namespace Morgana.Tender.Hvt;

/// <summary>Where a descriptor table lies (<c>struct kvm_dtable</c>, 16 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct X64DescriptorTable
{
    public ulong Base;
    public ushort Limit;
    public ushort Padding0;
    public ushort Padding1;
    public ushort Padding2;
}
