namespace Properties.Programs;

/// <summary>Every thread has its own copy of a thread's variable, which begins as zero and is nobody else's.</summary>
internal static class ThreadLocals
{
    [ThreadStatic]
    private static int own;

    [ThreadStatic]
    private static string? name;

    private static readonly ThreadLocal<int> Made = new(() => 100);

    public static int Run(Probe probe)
    {
        own = 7;
        name = "main";
        string[] said = new string[3];
        Thread[] threads = new Thread[said.Length];
        for (int t = 0; t < threads.Length; t++)
        {
            int number = t;
            threads[t] = new Thread(() =>
            {
                string before = $"{own} {name ?? "none"}";
                name = $"thread {number}";
                for (int i = 0; i <= number; i++)
                {
                    own++;
                    Made.Value++;
                    Thread.Yield();
                }

                said[number] = $"{before} -> {own} {name} {Made.Value}";
            });
            threads[t].Start();
        }

        foreach (Thread thread in threads)
        {
            thread.Join();
        }

        foreach (string line in said)
        {
            probe.Say(line);
        }

        probe.Say($"{own} {name} {Made.Value}");
        return 0;
    }
}
