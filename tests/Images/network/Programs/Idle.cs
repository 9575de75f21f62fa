using Properties;

namespace Network.Programs;

/// <summary>A machine with a silent wire sleeps: its timers come in time all the same, and the clock went on.</summary>
internal static class Idle
{
    public static async Task<int> RunAsync(Probe probe, Wire wire)
    {
        long began = probe.Clock.GetTimestamp();
        await Task.Delay(TimeSpan.FromMilliseconds(300), probe.Clock);
        double took = probe.Clock.GetElapsedTime(began).TotalMilliseconds;
        probe.Say(took is >= 300 and < 1300 ? "slept" : $"slept {took} ms");
        probe.Say(await wire.AskAsync() is null ? "nobody answers" : "the other end answers");
        return 0;
    }
}
