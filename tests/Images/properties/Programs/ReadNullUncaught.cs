using System.Runtime.CompilerServices;

namespace Properties.Programs;

/// <summary>A null reference that nobody catches is shown with the method that it happened in.</summary>
internal static class ReadNullUncaught
{
    public static int Run(Probe probe) => Length(null);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Length(string? text) => text!.Length;
}
