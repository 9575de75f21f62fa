using System.Runtime.InteropServices;

namespace Morgana.Tender.Spt;

/// <summary>Bytes of the launch plan that go to guest memory, <c>struct plan_copy</c> of <c>native/tender/plan.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PlanCopy
{
    public ulong Address;
    public uint Offset;
    public uint Size;
}
