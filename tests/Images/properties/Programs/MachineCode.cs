using System.Runtime.InteropServices;

namespace Properties.Programs;

/// <summary>Instructions as numbers.</summary>
internal static class MachineCode
{
    /// <summary>Returns at once.</summary>
    public static ReadOnlySpan<byte> Return =>
        RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? [0xc0, 0x03, 0x5f, 0xd6]
            : [0xc3];
}
