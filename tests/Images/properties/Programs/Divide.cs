using System.Runtime.CompilerServices;

namespace Properties.Programs;

/// <summary>A division by zero is an exception, again and again, also of 64 bits and with a remainder.</summary>
internal static class Divide
{
    public static int Run(Probe probe)
    {
        probe.Throws<DivideByZeroException>(() => Quotient(7, 0));
        probe.Throws<DivideByZeroException>(() => Remainder(7, 0));
        int caught = 0;
        for (int i = 0; i < 100; i++)
        {
            try
            {
                Quotient(i, 0);
            }
            catch (DivideByZeroException)
            {
                caught++;
            }
        }

        probe.Say($"{caught} times more");
        probe.Throws<OverflowException>(() => Smallest(int.MinValue, -1));
        return 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static long Quotient(long a, long b) => a / b;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Remainder(int a, int b) => a % b;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Smallest(int a, int b) => a / b;
}
