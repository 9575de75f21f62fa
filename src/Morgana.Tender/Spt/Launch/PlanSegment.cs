using System.Runtime.InteropServices;

namespace Morgana.Tender.Spt;

/// <summary>A segment of the launch plan, <c>struct plan_segment</c> of <c>native/tender/plan.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PlanSegment
{
    public const uint ProtectionRead = 1;
    public const uint ProtectionWrite = 2;
    public const uint ProtectionExecute = 4;

    public ulong Address;
    public ulong FileOffset;
    public ulong FileSize;
    public ulong Pages;
    public ulong PagesSize;
    public uint Protection;
    public uint Reserved;
}
