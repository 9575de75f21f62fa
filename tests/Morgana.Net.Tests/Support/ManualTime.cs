using Morgana.Runtime;

namespace Morgana.Net.Tests;

/// <summary>A clock that stands still until a test moves it; timers fire on the way, in order, on the test's thread.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private readonly DateTimeOffset _start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _ticks;

    public Instant Now => this.GetInstant();

    /// <summary>Timers that are set.</summary>
    public int Armed => _timers.Count(timer => timer.Due is not null);

    /// <summary>How often any timer was set, to see that nobody spins.</summary>
    public int Changes { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How often the clock was read: each time is a system call in an image.</summary>
    public int Reads { get; private set; }

    public override long GetTimestamp()
    {
        Reads++;
        return _ticks;
    }

    public override DateTimeOffset GetUtcNow() => _start.AddTicks(_ticks);

    public override ITimer CreateTimer(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    )
    {
        ManualTimer timer = new(this, callback, state);
        _timers.Add(timer);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan span)
    {
        long end = _ticks + span.Ticks;
        while (Next(end) is { } next)
        {
            _ticks = Math.Max(_ticks, next.Due!.Value);
            next.Fire();
        }

        _ticks = end;
    }

    public void AdvanceSeconds(double seconds) => Advance(TimeSpan.FromSeconds(seconds));

    private ManualTimer? Next(long end)
    {
        ManualTimer? next = null;
        foreach (ManualTimer timer in _timers)
        {
            if (timer.Due <= end && (next is null || timer.Due < next.Due))
            {
                next = timer;
            }
        }

        return next;
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state)
        : ITimer
    {
        private long _period;

        public long? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            time.Changes++;
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : time._ticks + dueTime.Ticks;
            _period = period == Timeout.InfiniteTimeSpan ? 0 : period.Ticks;
            return true;
        }

        public void Fire()
        {
            Due = _period > 0 ? Due + _period : null;
            callback(state);
        }

        public void Dispose() => time._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
