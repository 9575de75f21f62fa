namespace Morgana.Runtime.Tests.Machine;

public sealed class MainLoopTests
{
    private readonly FakePort _port = new();
    private readonly LoopTimeProvider _clock;
    private readonly MainLoop _loop;

    public MainLoopTests()
    {
        _clock = new LoopTimeProvider(_port);
        _loop = new MainLoop(_port, _clock);
    }

    [Fact]
    public void Continuations_stay_on_the_loop_and_delays_take_the_machines_time()
    {
        int thread = Environment.CurrentManagedThreadId;
        long start = _port.Now;
        int code = _loop.Run(async () =>
        {
            for (int i = 0; i < 10; i++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), _clock);
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
                await Task.Yield();
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
            }

            return 7;
        });
        Assert.Equal(7, code);
        Assert.InRange(_port.Now - start, 10_000_000_000, 10_100_000_000);
    }

    [Fact]
    public void The_loop_ends_when_the_program_does_and_does_not_sleep_once_more() =>
        // The fake machine throws when the loop sleeps without a deadline.
        Assert.Equal(
            3,
            _loop.Run(async () =>
            {
                await Task.Yield();
                return 3;
            })
        );

    [Fact]
    public void Readable_devices_receive_and_others_do_not()
    {
        int first = 0;
        int second = 0;
        TaskCompletionSource<int> done = new();
        _loop.OnReady(1, () => first++);
        _loop.OnReady(
            63,
            () =>
            {
                second++;
                done.SetResult(0);
            }
        );
        _port.Ready = 1ul << 63;
        Assert.Equal(0, _loop.Run(() => done.Task));
        Assert.Equal((0, 1), (first, second));
    }

    [Fact]
    public void Posts_run_in_their_order_also_when_there_are_many()
    {
        List<int> seen = [];
        TaskCompletionSource<int> done = new();
        for (int i = 0; i < 1000; i++)
        {
            int number = i;
            _loop.Post(() => seen.Add(number));
        }

        _loop.Post(() => done.SetResult(0));
        _ = _loop.Run(() => done.Task);
        Assert.Equal(Enumerable.Range(0, 1000), seen);
        // Devices are looked at in between.
        Assert.Contains(0ul, _port.Waits);
    }

    [Fact]
    public void An_exception_of_the_program_is_thrown_where_the_loop_runs() =>
        Assert.Throws<InvalidOperationException>(() =>
            _loop.Run(async () =>
            {
                await Task.Yield();
                throw new InvalidOperationException();
            })
        );

    [Fact]
    public void A_post_of_another_thread_wakes_the_loop_of_a_real_process()
    {
        int code = Runtime.Machine.Run(
            [],
            async machine =>
            {
                TaskCompletionSource<int> answer = new();
                Thread thread = new(() => machine.Loop.Post(() => answer.SetResult(5)));
                thread.Start();
                int result = await answer.Task;
                Assert.True(machine.Loop.IsCurrent);
                await Task.Delay(TimeSpan.FromMilliseconds(5), machine.Clock);
                int sum = await Task.Run(() => 2);
                Assert.True(machine.Loop.IsCurrent);
                machine.Loop.Send(_ => sum++, null);
                return result + sum;
            }
        );
        Assert.Equal(8, code);
    }

    [Fact]
    public void A_send_of_another_thread_waits_and_brings_exceptions_back() =>
        Assert.Equal(
            0,
            Runtime.Machine.Run(
                [],
                async machine =>
                {
                    await Task.Run(() =>
                        Assert.Throws<FormatException>(() =>
                            machine.Loop.Send(_ => throw new FormatException(), null)
                        )
                    );
                    return 0;
                }
            )
        );
}
