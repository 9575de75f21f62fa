using System.Runtime.InteropServices;

namespace Morgana.Runtime;

/// <summary>struct solo5_block_info (native/include/solo5.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Solo5BlockInfo
{
    public ulong Capacity;
    public ulong BlockSize;
}
