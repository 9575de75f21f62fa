namespace Morgana.Runtime;

/// <summary>
/// The machine's clocks, and timers that the main loop runs. Timers are kept in a binary heap by deadline; a timer
/// knows its place in it, so that changing or stopping one takes logarithmic time and no allocation.
/// </summary>
internal sealed class LoopTimeProvider(IMachinePort port) : TimeProvider
{
    private readonly Lock _gate = new();
    private LoopTimer[] _heap = new LoopTimer[16];
    private int _count;

    /// <summary>Called when the first deadline may have moved.</summary>
    internal Action? Changed { get; set; }

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => port.MonotonicNow;

    public override DateTimeOffset GetUtcNow() =>
        DateTimeOffset.UnixEpoch.AddTicks(port.WallNow / 100);

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override ITimer CreateTimer(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    )
    {
        ArgumentNullException.ThrowIfNull(callback);
        LoopTimer timer = new(this, callback, state);
        _ = timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Runs what is due.</summary>
    /// <returns>The next deadline in nanoseconds; <see cref="ulong.MaxValue"/> when there is none.</returns>
    internal ulong RunDue()
    {
        if (_count == 0)
        {
            return ulong.MaxValue;
        }

        long now = port.MonotonicNow;
        // As many as there are now: a timer that starts itself again must not hold the loop.
        for (int left = _count; left > 0; left--)
        {
            LoopTimer timer;
            lock (_gate)
            {
                if (_count == 0)
                {
                    return ulong.MaxValue;
                }

                timer = _heap[0];
                if (timer.Deadline > now)
                {
                    break;
                }

                Remove(timer);
                if (timer.Period > 0)
                {
                    timer.Deadline = Math.Max(timer.Deadline + timer.Period, now);
                    Insert(timer);
                }
            }

            timer.Fire();
        }

        lock (_gate)
        {
            // 0 means "only look": the earliest true deadline is 1.
            return _count == 0 ? ulong.MaxValue : (ulong)Math.Max(_heap[0].Deadline, 1);
        }
    }

    /// <summary>Sets or clears a timer's deadline.</summary>
    internal void Schedule(LoopTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        bool first;
        lock (_gate)
        {
            if (timer.Place >= 0)
            {
                Remove(timer);
            }

            timer.Period = period > TimeSpan.Zero ? Nanoseconds(period) : 0;
            if (dueTime < TimeSpan.Zero)
            {
                return;
            }

            long now = port.MonotonicNow;
            long due = Nanoseconds(dueTime);
            timer.Deadline = due > long.MaxValue - now ? long.MaxValue : now + due;
            Insert(timer);
            first = timer.Place == 0;
        }

        if (first)
        {
            Changed?.Invoke();
        }
    }

    private static long Nanoseconds(TimeSpan span) =>
        span.Ticks > long.MaxValue / 100 ? long.MaxValue : span.Ticks * 100;

    private void Insert(LoopTimer timer)
    {
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, 2 * _count);
        }

        Up(_count++, timer);
    }

    private void Remove(LoopTimer timer)
    {
        int place = timer.Place;
        timer.Place = -1;
        LoopTimer last = _heap[--_count];
        _heap[_count] = null!;
        if (place == _count)
        {
            return;
        }

        if (place > 0 && last.Deadline < _heap[(place - 1) / 2].Deadline)
        {
            Up(place, last);
        }
        else
        {
            Down(place, last);
        }
    }

    private void Up(int place, LoopTimer timer)
    {
        while (place > 0 && _heap[(place - 1) / 2].Deadline > timer.Deadline)
        {
            Put(place, _heap[(place - 1) / 2]);
            place = (place - 1) / 2;
        }

        Put(place, timer);
    }

    private void Down(int place, LoopTimer timer)
    {
        while (2 * place + 1 < _count)
        {
            int child = 2 * place + 1;
            if (child + 1 < _count && _heap[child + 1].Deadline < _heap[child].Deadline)
            {
                child++;
            }

            if (_heap[child].Deadline >= timer.Deadline)
            {
                break;
            }

            Put(place, _heap[child]);
            place = child;
        }

        Put(place, timer);
    }

    private void Put(int place, LoopTimer timer)
    {
        _heap[place] = timer;
        timer.Place = place;
    }
}
