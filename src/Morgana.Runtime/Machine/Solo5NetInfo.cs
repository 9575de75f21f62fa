using System.Runtime.InteropServices;

namespace Morgana.Runtime;

/// <summary>struct solo5_net_info (native/include/solo5.h): 16 bytes on 64-bit machines.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Solo5NetInfo
{
    public fixed byte HardwareAddress[MacAddress.Size];
    public nuint Mtu;
}
