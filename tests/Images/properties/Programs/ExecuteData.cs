using System.Runtime.InteropServices;

namespace Properties.Programs;

/// <summary>The managed heap cannot be executed: a jump to code that was written there ends the image with a message.</summary>
internal static unsafe class ExecuteData
{
    public static int Run(Probe probe)
    {
        byte[] code = GC.AllocateArray<byte>(64, pinned: true);
        MachineCode.Return.CopyTo(code);
        probe.Say("about to execute data");
        ((delegate* unmanaged<void>)Marshal.UnsafeAddrOfPinnedArrayElement(code, 0))();
        probe.Say("data was executed");
        return 0;
    }
}
