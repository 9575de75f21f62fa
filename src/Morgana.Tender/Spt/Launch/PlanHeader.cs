using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Morgana.Tender.Spt;

/// <summary>The head of the launch plan, <c>struct plan</c> of <c>native/tender/plan.h</c>; a test compares the two.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PlanHeader
{
    public const ulong MagicNumber = 0x4e414c50414e524d;
    public const uint CurrentVersion = 1;

    public ulong Magic;
    public uint Version;
    public uint Size;
    public ulong MemoryStart;
    public ulong MemoryEnd;
    public ulong Entry;
    public ulong Stack;
    public ulong Argument;
    public int ImageDescriptor;
    public uint Reserved;
    public uint SegmentsOffset;
    public uint SegmentsCount;
    public uint CopiesOffset;
    public uint CopiesCount;
    public uint KeepOffset;
    public uint KeepCount;
    public uint FilterOffset;
    public uint FilterCount;
    public ulong Grant;
    public uint Granted;
    public uint Reserved2;
    public ulong FaultEntry;
    public ulong FaultReturn;
    public ulong FaultStack;
    public ulong FaultStackSize;
    public ProcessName Name;

    /// <summary>The process's name: 15 bytes and a terminator.</summary>
    [InlineArray(Length)]
    public struct ProcessName
    {
        public const int Length = 16;
        private byte _first;
    }
}
