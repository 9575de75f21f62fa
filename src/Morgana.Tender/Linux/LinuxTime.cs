using System.Runtime.InteropServices;

namespace Morgana.Tender.Linux;

/// <summary><c>struct timespec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinuxTime
{
    public long Seconds;
    public long Nanoseconds;
}
