using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>One thing that the cache knows. Fields are set by <see cref="DnsCache"/> only.</summary>
internal sealed class CacheEntry
{
    /// <summary>What an entry takes in memory beside what it refers to: its fields and header, rounded up.</summary>
    public const int OwnSize = 120;

    public required DnsName Name { get; init; }

    public required RecordType Type { get; init; }

    public required CacheSlot Slot { get; init; }

    /// <summary>Hash of name, type and slot.</summary>
    public required int Hash { get; init; }

    /// <summary>Bytes that the entry is charged for.</summary>
    public int Size { get; set; }

    /// <summary>From this instant on it is not used.</summary>
    public Instant Expires { get; set; }

    public Credibility Credibility { get; set; }

    /// <summary>The set; null for a denial.</summary>
    public RecordSet? Set { get; set; }

    /// <summary>For a denial, the zone's SOA (RFC 2308 section 3).</summary>
    public RecordSet? Soa { get; set; }

    /// <summary>For <see cref="CacheSlot.Delegation"/>.</summary>
    public Delegation? Delegation { get; set; }

    /// <summary>For <see cref="CacheSlot.Failure"/>: failures in a row, from 1.</summary>
    public int Failures { get; set; }

    /// <summary>Used since the hand of the eviction last passed.</summary>
    public bool Visited { get; set; }

    public CacheEntry? NextInBucket { get; set; }

    public CacheEntry? Newer { get; set; }

    public CacheEntry? Older { get; set; }

    /// <summary>Whole seconds that are left, 0 or more: what the TTL of an answer is.</summary>
    public uint SecondsLeft(Instant now) => TtlOf(Expires, now);

    public static uint TtlOf(Instant expires, Instant now) =>
        expires <= now
            ? 0
            : (uint)Math.Min(int.MaxValue, (expires.Nanoseconds - now.Nanoseconds) / 1_000_000_000);
}
