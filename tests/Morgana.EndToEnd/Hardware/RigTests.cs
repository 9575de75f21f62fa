using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Morgana.Rig;
using Morgana.Rig.Guest;
using Morgana.Rig.Jobs;

namespace Morgana.EndToEnd.Hardware;

/// <summary>The rig itself, on which all tests of this folder stand.</summary>
public sealed class RigTests(SharedRigs rigs)
{
    [Theory]
    [InlineData(RigArchitecture.X64, "x86_64")]
    [InlineData(RigArchitecture.Arm64, "aarch64")]
    public async Task A_guest_with_kvm_boots_and_does_its_first_job_in_under_a_minute(
        RigArchitecture architecture,
        string machine
    )
    {
        long begin = Stopwatch.GetTimestamp();
        await using Rig.Rig rig = await Rig.Rig.StartAsync(architecture);
        RigResult result = await rig.RunAsync(
            [new RigFile("folder/file", Encoding.UTF8.GetBytes("content"))],
            "uname -m; cat folder/file; test -c /dev/kvm; echo wrong >&2; exit 3"
        );
        Assert.Equal(
            (3, $"{machine}\ncontent", "wrong\n"),
            (result.ExitCode, result.Output, result.Error)
        );
        TimeSpan time = Stopwatch.GetElapsedTime(begin);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"boot {rig.BootTime.TotalSeconds:F1} s, with the first job {time.TotalSeconds:F1} s"
        );
        Assert.InRange(time, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_job_that_takes_too_long_is_killed_with_what_it_has_started_and_the_others_go_on()
    {
        Rig.Rig rig = await rigs.GetAsync(RigArchitecture.X64);
        await using RigJob other = await rig.StartJobAsync([], "echo begun; sleep 7777");
        _ = await other.OutputLineAsync("begun");
        TimeoutException exception = await Assert.ThrowsAsync<TimeoutException>(() =>
            rig.RunAsync([], "echo so far; sleep 8888 & sleep 9999", TimeSpan.FromSeconds(3))
        );
        Assert.Contains("so far", exception.Message, StringComparison.Ordinal);
        string processes = (await rig.RunAsync([], "ps -o args")).Output;
        Assert.DoesNotContain("sleep 8888", processes, StringComparison.Ordinal);
        Assert.DoesNotContain("sleep 9999", processes, StringComparison.Ordinal);
        Assert.Contains("sleep 7777", processes, StringComparison.Ordinal);
        Assert.False(other.HasEnded);
    }

    [Fact]
    public async Task Jobs_run_side_by_side_each_in_its_own_folder()
    {
        Rig.Rig rig = await rigs.GetAsync(RigArchitecture.X64);
        RigResult[] results = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(number =>
                    rig.RunAsync(
                        [new RigFile("number", Encoding.ASCII.GetBytes($"{number}"))],
                        "ls /job; cat /job/number; exit $(cat number)"
                    )
                )
        );
        Assert.Equal(
            Enumerable.Range(0, 8).Select(number => (number, $"number\n{number}")),
            results.Select(result => (result.ExitCode, result.Output))
        );
    }

    [Fact]
    public async Task Megabytes_go_both_ways_unchanged()
    {
        byte[] content = new byte[5_000_000];
        new Random(4).NextBytes(content);
        Rig.Rig rig = await rigs.GetAsync(RigArchitecture.X64);
        RigResult result = await rig.RunAsync([new RigFile("data", content)], "cat data");
        Assert.Equal(0, result.ExitCode);
        Assert.True(result.OutputBytes.Span.SequenceEqual(content));
    }

    [Fact]
    public async Task A_job_is_asked_to_end_by_a_signal()
    {
        Rig.Rig rig = await rigs.GetAsync(RigArchitecture.X64);
        await using RigJob job = await rig.StartJobAsync(
            [],
            "trap 'echo asked; exit 9' TERM; echo begun; while true; do sleep 1; done"
        );
        _ = await job.OutputLineAsync("begun");
        await job.SignalAsync(PosixSignalName.Term);
        RigResult result = await job.WaitAsync();
        Assert.Equal((9, "begun\nasked\n"), (result.ExitCode, result.Output));
    }

    [Fact]
    public async Task A_forwarded_port_leads_into_the_guests_network()
    {
        Rig.Rig rig = await rigs.GetAsync(RigArchitecture.X64);
        await using RigJob job = await rig.StartJobAsync(
            [],
            "nc -l -p 4444 -e /bin/busybox echo from inside & until netstat -ltn | grep -q :4444; do usleep 1000; done; echo begun; wait"
        );
        _ = await job.OutputLineAsync("begun");
        int port = await rig.ForwardAsync(
            new RigForward(RigProtocol.Tcp, 0, 4444, RigForward.Linux)
        );
        try
        {
            using TcpClient client = new();
            await client.ConnectAsync(IPAddress.Loopback, port);
            using StreamReader reader = new(client.GetStream());
            Assert.Equal("from inside\n", await reader.ReadToEndAsync());
        }
        finally
        {
            await rig.StopForwardingAsync(RigProtocol.Tcp, port);
        }
    }

    [Fact]
    public async Task A_guest_that_dies_is_told_with_its_console_and_the_next_test_has_a_new_one()
    {
        Rig.Rig rig = await rigs.GetAsync(RigArchitecture.X64);
        RigException died = await Assert.ThrowsAsync<RigException>(() =>
            rig.RunAsync([], "echo c >/proc/sysrq-trigger; sleep 60")
        );
        Assert.Contains("the rig's Linux has died", died.Message, StringComparison.Ordinal);
        Assert.Contains("Kernel panic", died.Message, StringComparison.Ordinal);
        Rig.Rig next = await rigs.GetAsync(RigArchitecture.X64);
        Assert.NotSame(rig, next);
        Assert.Equal("on\n", (await next.RunAsync([], "echo on")).Output);
    }
}
