using System.Diagnostics;

namespace Properties.Programs;

/// <summary>A sleep lasts as long as it is asked to, and not much longer; another thread works meanwhile.</summary>
internal static class Sleep
{
    public static async Task<int> RunAsync(Probe probe)
    {
        foreach (int milliseconds in (int[])[0, 1, 5, 20, 50])
        {
            long began = probe.Clock.GetTimestamp();
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), probe.Clock);
            Judge(probe, "delay", milliseconds, probe.Clock.GetElapsedTime(began));
        }

        long start = Stopwatch.GetTimestamp();
        Thread.Sleep(20);
        Judge(probe, "sleep", 20, Stopwatch.GetElapsedTime(start));
        int worked = 0;
        Thread worker = new(() => worked++);
        worker.Start();
        await Task.Delay(TimeSpan.FromMilliseconds(5), probe.Clock);
        probe.Say($"meanwhile {worked}");
        return 0;
    }

    private static void Judge(Probe probe, string what, int asked, TimeSpan took)
    {
        double late = took.TotalMilliseconds - asked;
        string verdict =
            late < 0 ? $"too short by {-late} ms"
            : late <= probe.Slack ? "in time"
            : $"late by {late} ms";
        probe.Say($"{what} {asked} {verdict}");
    }
}
