using CsCheck;

namespace Morgana.Runtime.Tests.Machine;

public sealed class LoopTimeProviderTests
{
    private static TimeSpan Nanoseconds(long value) => TimeSpan.FromTicks(value / 100);

    [Fact]
    public void Timers_fire_in_the_order_of_their_deadlines_whatever_was_changed_and_stopped() =>
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 30], Gen.Int[0, 1000])
            .Array[1, 120]
            .Sample(
                steps =>
                {
                    FakePort port = new();
                    LoopTimeProvider provider = new(port);
                    List<int> fired = [];
                    Dictionary<int, long> expected = [];
                    List<ITimer> timers = [];
                    foreach ((int action, int which, int due) in steps)
                    {
                        if (action == 0 || timers.Count == 0)
                        {
                            int number = timers.Count;
                            timers.Add(
                                provider.CreateTimer(
                                    _ => fired.Add(number),
                                    null,
                                    Nanoseconds(due * 100),
                                    Timeout.InfiniteTimeSpan
                                )
                            );
                            expected[number] = due;
                        }
                        else if (action == 1)
                        {
                            Assert.True(
                                timers[which % timers.Count]
                                    .Change(Nanoseconds(due * 100), Timeout.InfiniteTimeSpan)
                            );
                            expected[which % timers.Count] = due;
                        }
                        else if (action == 2)
                        {
                            _ = timers[which % timers.Count]
                                .Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                            _ = expected.Remove(which % timers.Count);
                        }
                    }

                    ulong next;
                    while ((next = provider.RunDue()) != ulong.MaxValue)
                    {
                        Assert.True((long)next > port.Now);
                        port.Now = (long)next;
                    }

                    Assert.Equal(
                        expected.OrderBy(pair => pair.Value).Select(pair => pair.Value),
                        fired.Select(number => expected[number])
                    );
                    Assert.Equal(expected.Keys.Order(), fired.Order());
                },
                iter: 2000
            );

    [Fact]
    public void A_periodic_timer_fires_once_a_period_until_it_is_disposed()
    {
        FakePort port = new();
        LoopTimeProvider provider = new(port);
        int fired = 0;
        ITimer timer = provider.CreateTimer(
            _ => fired++,
            null,
            TimeSpan.FromMilliseconds(1),
            TimeSpan.FromMilliseconds(2)
        );
        for (int i = 0; i < 5; i++)
        {
            port.Now = (long)provider.RunDue();
        }

        Assert.Equal(4, fired);
        timer.Dispose();
        Assert.Equal(ulong.MaxValue, provider.RunDue());
        Assert.False(timer.Change(TimeSpan.Zero, TimeSpan.Zero));
    }

    [Fact]
    public void A_timer_that_starts_itself_again_at_once_does_not_hold_the_loop()
    {
        FakePort port = new();
        LoopTimeProvider provider = new(port);
        int fired = 0;
        ITimer? timer = null;
        timer = provider.CreateTimer(
            _ =>
            {
                fired++;
                _ = timer!.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
            },
            null,
            TimeSpan.Zero,
            Timeout.InfiniteTimeSpan
        );
        _ = provider.RunDue();
        Assert.Equal(1, fired);
    }

    [Fact]
    public void Changing_a_timer_allocates_nothing()
    {
        LoopTimeProvider provider = new(new FakePort());
        ITimer timer = provider.CreateTimer(
            _ => { },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        _ = timer.Change(TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1; i < 1000; i++)
        {
            _ = timer.Change(TimeSpan.FromMilliseconds(i), Timeout.InfiniteTimeSpan);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void The_wall_clock_counts_from_1970()
    {
        FakePort port = new() { Now = 0 };
        Assert.Equal(
            DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
            new LoopTimeProvider(port).GetUtcNow()
        );
    }
}
