namespace Morgana.Runtime;

/// <summary>
/// A point on the monotonic clock. Protocol state machines are given instants; they have no clock of their own.
/// </summary>
/// <param name="Nanoseconds">Nanoseconds since an arbitrary start, never going back.</param>
public readonly record struct Instant(long Nanoseconds) : IComparable<Instant>
{
    /// <summary>Later than every instant that a clock gives: a deadline that never comes.</summary>
    public static Instant Never { get; } = new(long.MaxValue);

    /// <summary>The instant <paramref name="span"/> after <paramref name="instant"/>; stops at <see cref="Never"/>.</summary>
    public static Instant operator +(Instant instant, TimeSpan span)
    {
        Int128 sum = (Int128)instant.Nanoseconds + (Int128)span.Ticks * 100;
        return new Instant(sum > long.MaxValue ? long.MaxValue : (long)sum);
    }

    /// <summary>The time from <paramref name="right"/> to <paramref name="left"/>, in steps of 100 ns.</summary>
    public static TimeSpan operator -(Instant left, Instant right) =>
        TimeSpan.FromTicks((left.Nanoseconds - right.Nanoseconds) / 100);

    /// <summary>True when <paramref name="left"/> comes before <paramref name="right"/>.</summary>
    public static bool operator <(Instant left, Instant right) =>
        left.Nanoseconds < right.Nanoseconds;

    /// <summary>True when <paramref name="left"/> comes after <paramref name="right"/>.</summary>
    public static bool operator >(Instant left, Instant right) =>
        left.Nanoseconds > right.Nanoseconds;

    /// <summary>True when <paramref name="left"/> does not come after <paramref name="right"/>.</summary>
    public static bool operator <=(Instant left, Instant right) =>
        left.Nanoseconds <= right.Nanoseconds;

    /// <summary>True when <paramref name="left"/> does not come before <paramref name="right"/>.</summary>
    public static bool operator >=(Instant left, Instant right) =>
        left.Nanoseconds >= right.Nanoseconds;

    /// <summary>The instant <paramref name="span"/> later; the same as the operator +.</summary>
    public Instant Add(TimeSpan span) => this + span;

    /// <summary>The time since <paramref name="earlier"/>; the same as the operator -.</summary>
    public TimeSpan Subtract(Instant earlier) => this - earlier;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => Nanoseconds.CompareTo(other.Nanoseconds);
}
