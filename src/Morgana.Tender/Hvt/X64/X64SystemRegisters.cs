using System.Runtime.InteropServices;

namespace Morgana.Tender.Hvt;

/// <summary>The registers of an operating system (<c>struct kvm_sregs</c>, 312 bytes).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct X64SystemRegisters
{
    public X64Segment Cs;
    public X64Segment Ds;
    public X64Segment Es;
    public X64Segment Fs;
    public X64Segment Gs;
    public X64Segment Ss;
    public X64Segment Tr;
    public X64Segment Ldt;
    public X64DescriptorTable Gdt;
    public X64DescriptorTable Idt;
    public ulong Cr0;
    public ulong Cr2;
    public ulong Cr3;
    public ulong Cr4;
    public ulong Cr8;
    public ulong Efer;
    public ulong ApicBase;
    public ulong Interrupts0;
    public ulong Interrupts1;
    public ulong Interrupts2;
    public ulong Interrupts3;
}
