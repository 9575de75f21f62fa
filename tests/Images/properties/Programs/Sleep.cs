using System.Diagnostics;

namespace Properties.Programs;

/// <summary>
/// A sleep never ends early, and it ends in time: on a machine that others use as well, one of some does. Another thread works meanwhile.
/// </summary>
internal static class Sleep
{
    private const int Attempts = 20;

    public static async Task<int> RunAsync(Probe probe)
    {
        foreach (int milliseconds in (int[])[0, 1, 5, 20, 50])
        {
            await JudgeAsync(
                probe,
                "delay",
                milliseconds,
                () => Task.Delay(TimeSpan.FromMilliseconds(milliseconds), probe.Clock)
            );
        }

        await JudgeAsync(
            probe,
            "sleep",
            20,
            () =>
            {
                Thread.Sleep(20);
                return Task.CompletedTask;
            }
        );
        int worked = 0;
        Thread worker = new(() => worked++);
        worker.Start();
        await Task.Delay(TimeSpan.FromMilliseconds(5), probe.Clock);
        probe.Say($"meanwhile {worked}");
        return 0;
    }

    private static async Task JudgeAsync(Probe probe, string what, int asked, Func<Task> sleep)
    {
        double least = double.MaxValue;
        for (int i = 0; i < Attempts && least > probe.Slack; i++)
        {
            long began = Stopwatch.GetTimestamp();
            await sleep();
            least = Math.Min(least, Stopwatch.GetElapsedTime(began).TotalMilliseconds - asked);
            if (least < 0)
            {
                probe.Say($"{what} {asked} too short by {-least} ms");
                return;
            }
        }

        probe.Say(
            least <= probe.Slack ? $"{what} {asked} in time" : $"{what} {asked} late by {least} ms"
        );
    }
}
