namespace Morgana.Runtime;

/// <summary>A timer of <see cref="LoopTimeProvider"/>.</summary>
internal sealed class LoopTimer(LoopTimeProvider provider, TimerCallback callback, object? state)
    : ITimer
{
    private bool _disposed;

    /// <summary>Nanoseconds on the monotonic clock.</summary>
    internal long Deadline { get; set; }

    /// <summary>Nanoseconds; 0 fires once.</summary>
    internal long Period { get; set; }

    /// <summary>Where it stands in the heap; -1 when it does not run.</summary>
    internal int Place { get; set; } = -1;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
        {
            return false;
        }

        provider.Schedule(this, dueTime, period);
        return true;
    }

    public void Dispose()
    {
        _ = Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _disposed = true;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    internal void Fire() => callback(state);
}
