using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Properties.Programs;

/// <summary>Numbers with a point: the processor's and the library's functions, to the last bit, and vector registers that survive switches of threads.</summary>
internal static class FloatingPoint
{
    public static int Run(Probe probe)
    {
        double two = Opaque(2.0);
        Bits(probe, "sqrt", Math.Sqrt(two));
        Bits(probe, "third", 1 / Opaque(3.0));
        Bits(probe, "float", (float)(1 / Opaque(3.0f)));
        Bits(probe, "fused", Math.FusedMultiplyAdd(Opaque(0.1), 10.0, -1.0));
        Bits(probe, "floor", Math.Floor(Opaque(-1.5)));
        Bits(probe, "infinite", 1 / Opaque(0.0));
        probe.Say($"sine {Math.Sin(two).ToString("F12", CultureInfo.InvariantCulture)}");
        probe.Say($"exponential {Math.Exp(two).ToString("F12", CultureInfo.InvariantCulture)}");
        probe.Say($"power {Math.Pow(two, 0.5).ToString("F12", CultureInfo.InvariantCulture)}");
        probe.Say($"nan {double.IsNaN(Math.Sqrt(Opaque(-1.0)))}");
        probe.Say($"text {double.Parse("0.1", CultureInfo.InvariantCulture) + 0.2:R}");
        probe.Say($"integer {(long)Opaque(1e18)} {(int)Opaque(-1.9)}");
        probe.Say($"decimal {decimal.One / 3}");
        Vector<double> vector = new(two);
        probe.Say($"vector {Vector.Sum(vector * vector) / Vector<double>.Count}");

        // Each thread adds a number of its own while the others take turns with it.
        double[] sums = new double[4];
        Thread[] threads = new Thread[sums.Length];
        for (int t = 0; t < threads.Length; t++)
        {
            int own = t;
            threads[t] = new Thread(() =>
            {
                double step = 1.0 / (own + 1);
                Vector<double> many = Vector<double>.Zero;
                for (int i = 0; i < 1000; i++)
                {
                    many += new Vector<double>(step);
                    Thread.Yield();
                }

                sums[own] = Math.Round(many[0] * (own + 1));
            });
            threads[t].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        probe.Say($"threads {string.Join(' ', sums)}");
        return 0;
    }

    private static void Bits(Probe probe, string name, double value) =>
        probe.Say($"{name} {BitConverter.DoubleToInt64Bits(value):x16}");

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static T Opaque<T>(T value) => value;
}
