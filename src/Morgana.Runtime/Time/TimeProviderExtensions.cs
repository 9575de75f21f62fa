namespace Morgana.Runtime;

/// <summary>How a <see cref="TimeProvider"/>'s monotonic clock is read as an <see cref="Instant"/>.</summary>
public static class TimeProviderExtensions
{
    /// <summary>Now, on the provider's monotonic clock.</summary>
    public static Instant GetInstant(this TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        long frequency = time.TimestampFrequency;
        long timestamp = time.GetTimestamp();
        return new Instant(
            frequency == 1_000_000_000
                ? timestamp
                : (long)((Int128)timestamp * 1_000_000_000 / frequency)
        );
    }
}
