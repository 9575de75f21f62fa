using System.Runtime.InteropServices;

namespace Morgana.Tender.Linux;

/// <summary><c>struct itimerspec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LinuxTimerSetting
{
    public LinuxTime Interval;
    public LinuxTime Value;
}
