using System.Runtime.InteropServices;

namespace Morgana.Native.Tests;

/// <summary><c>struct layout</c> of native/machine/layout_x86_64.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ImageLayout
{
    public ulong Low;
    public ulong Text;
    public ulong Constants;
    public ulong Data;
    public ulong End;
}
