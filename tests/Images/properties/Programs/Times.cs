using System.Diagnostics;

namespace Properties.Programs;

/// <summary>The monotonic clock never goes back and does go on; the wall clock has the time of whoever started the image.</summary>
internal static class Times
{
    public static int Run(Probe probe)
    {
        long last = probe.Clock.GetTimestamp();
        int backwards = 0;
        for (int i = 0; i < 10_000; i++)
        {
            long now = probe.Clock.GetTimestamp();
            if (now < last)
            {
                backwards++;
            }

            last = now;
        }

        probe.Say($"went back {backwards} times");
        // Whoever else has the processor in between makes them look different: the closest of some pairs counts.
        double apart = double.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            apart = Math.Min(apart, Difference(probe.Clock));
        }

        probe.Say(
            apart <= 1 + probe.Slack
                ? "both clocks went on alike"
                : $"in 30 ms the clocks went {apart} ms apart"
        );
        DateTimeOffset wall = probe.Clock.GetUtcNow();
        double late = (wall - DateTimeOffset.FromUnixTimeSeconds(probe.Number)).TotalSeconds;
        probe.Say(
            late is >= -2 and < 300
                ? "the wall clock is right"
                : $"the wall clock is {late} s off: {wall:O}"
        );
        return 0;
    }

    private static double Difference(TimeProvider clock)
    {
        long began = Stopwatch.GetTimestamp();
        DateTimeOffset wall = clock.GetUtcNow();
        while (Stopwatch.GetElapsedTime(began) < TimeSpan.FromMilliseconds(30)) { }

        double moved = (clock.GetUtcNow() - wall).TotalMilliseconds;
        return Math.Abs(moved - Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }
}
