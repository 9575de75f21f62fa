using System.Runtime.CompilerServices;

namespace Properties.Programs;

/// <summary>
/// The first page cannot be read: a null reference is an exception, in any thread and as often as it happens, and nothing else is lost
/// by it, such as the numbers in vector registers.
/// </summary>
internal static class ReadNull
{
    public static int Run(Probe probe)
    {
        probe.Throws<NullReferenceException>(() => Length(null));
        int caught = 0;
        double sum = 0;
        for (int i = 0; i < 1000; i++)
        {
            double kept = i * 0.5;
            try
            {
                Length(null);
            }
            catch (NullReferenceException)
            {
                caught++;
            }

            sum += kept;
        }

        probe.Say($"{caught} times more, the sum is {sum}");
        Thread thread = new(() => probe.Throws<NullReferenceException>(() => Length(null)));
        thread.Start();
        thread.Join();
        probe.Throws<NullReferenceException>(() => Write(null));
        return 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Length(string? text) => text!.Length;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Write(StrongBox<long>? box) => box!.Value = 1;
}
