namespace Morgana.Dns;

/// <summary>The bounds of a cache.</summary>
public sealed record CacheOptions
{
    /// <summary>Memory for all that is kept, in bytes, with the table itself; at least 65,536. Default: 8 MiB, some 25,000 answers.</summary>
    public long MaxBytes { get; init; } = 8 << 20;

    /// <summary>Longest time that a set is kept, whatever its TTL says. Default: a day, so that a mistake with a huge TTL ends by itself.</summary>
    public TimeSpan MaxTtl { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Shortest time that a set is kept, whatever its TTL says. Default: zero, the owner of the data decides; then sets with TTL 0 are not kept at all.</summary>
    public TimeSpan MinTtl { get; init; } = TimeSpan.Zero;

    /// <summary>Longest time that the absence of a name or a type is kept. Default: an hour (RFC 2308 section 5 finds one to three hours to work well).</summary>
    public TimeSpan MaxNegativeTtl { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a failure is kept; each failure in a row doubles it. Default: 5 s (RFC 9520 section 3.2: 1 s to 5 min).</summary>
    public TimeSpan FailureTtl { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time that a failure is kept. Default: 80 s.</summary>
    public TimeSpan MaxFailureTtl { get; init; } = TimeSpan.FromSeconds(80);
}
