using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Properties.Programs;

/// <summary>Constants of the program cannot be written.</summary>
internal static unsafe class WriteConstant
{
    private static ReadOnlySpan<byte> Constant => "constant"u8;

    public static int Run(Probe probe)
    {
        probe.Say("about to write a constant");
        Unsafe.AsRef(in MemoryMarshal.GetReference(Constant)) = 1;
        probe.Say("the constant was written");
        return 0;
    }
}
