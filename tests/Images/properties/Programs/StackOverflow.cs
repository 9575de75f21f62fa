using System.Runtime.CompilerServices;

namespace Properties.Programs;

/// <summary>A full stack ends the image with a message that names the thread, and overwrites nothing.</summary>
internal static class StackOverflow
{
    public static int Run(Probe probe)
    {
        probe.Say("about to overflow");
        return Deep(1);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static int Deep(int depth)
    {
        Span<byte> frame = stackalloc byte[64];
        frame[depth & 63] = 1;
        return Deep(depth + 1) + frame[(depth + 1) & 63];
    }
}
