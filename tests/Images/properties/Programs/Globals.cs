namespace Properties.Programs;

/// <summary>Variables of the whole program: initialised, zero, constant, and made by a constructor that runs once.</summary>
internal static class Globals
{
    private static int initialised = 42;
    private static string text = "a text";
    private static readonly int[] Table = [2, 3, 5, 7, 11];
    private static long zero;
    private static readonly byte[] Large = new byte[1 << 20];

    private static ReadOnlySpan<ushort> Constant => [1, 10, 100, 1000, 10000];

    public static int Run(Probe probe)
    {
        probe.Say($"{initialised} {text} {string.Join(',', Table)} {zero} {Constant[4]}");
        initialised++;
        text += " that grew";
        zero = long.MaxValue;
        probe.Say($"{initialised} {text} {zero}");
        probe.Say($"large {Large.Length} {Array.TrueForAll(Large, b => b == 0)}");
        probe.Say($"once {Once.Count} {Once.Count}");
        return 0;
    }

    private static class Once
    {
        public static readonly int Count = Make();
        private static int calls;

        private static int Make() => ++calls;
    }
}
