using System.Text.RegularExpressions;
using Morgana.EndToEnd.Images;
using Morgana.EndToEnd.Processes;

namespace Morgana.EndToEnd.Runtime;

/// <summary>.NET's own services in an image: threads, timers, locks and randomness (cases of the faults image that go well).</summary>
public sealed partial class RuntimeTests
{
    private static string Image => Repository.Image("tests/Images/faults", "faults");

    [Fact]
    public async Task Channels_locks_threads_timers_and_cancellation_work()
    {
        ProcessResult result = await RunAsync("threads");
        Assert.Equal(0, result.Code);
        foreach (
            string line in new[]
            {
                "channel 499500\n",
                "lock 8000\n",
                "delay in time\n",
                "joined 10\n",
                "cancelled\n",
                "thread is the loop's\n",
            }
        )
        {
            Assert.Contains(line, result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_busy_main_loop_leaves_the_thread_pool_its_share()
    {
        ProcessResult result = await RunAsync("busy");
        Assert.Contains("the other thread ran\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.Code);
    }

    [Fact]
    public async Task Random_numbers_guids_and_hash_seeds_differ_from_start_to_start()
    {
        string[] outputs =
        [
            (await RunAsync("random")).Output,
            (await RunAsync("random")).Output,
            (await RunAsync("random")).Output,
        ];
        foreach (Regex kind in new[] { RandomLine(), GuidLine(), HashLine() })
        {
            Assert.Equal(
                3,
                outputs
                    .Select(output => kind.Match(output).Value)
                    .Where(v => v.Length > 8)
                    .Distinct()
                    .Count()
            );
        }
    }

    private static Task<ProcessResult> RunAsync(string which) =>
        RunningProcess.RunAsync(Repository.Tender, ["--mem=32", Image, $"--case={which}"]);

    [GeneratedRegex("^random [0-9a-f]{64}$", RegexOptions.Multiline)]
    private static partial Regex RandomLine();

    [GeneratedRegex("^guid [0-9a-f-]{36}$", RegexOptions.Multiline)]
    private static partial Regex GuidLine();

    [GeneratedRegex("^hash [0-9a-f]{8}$", RegexOptions.Multiline)]
    private static partial Regex HashLine();
}
