namespace Morgana.Dns;

/// <summary>What a resolver has done since it started.</summary>
public readonly record struct ResolverCounters
{
    /// <summary>Messages from clients that were questions or pretended to be.</summary>
    public long Questions { get; init; }

    /// <summary>Questions answered at once, from the cache or a local zone.</summary>
    public long CacheAnswers { get; init; }

    /// <summary>Questions that joined one that was already being worked on.</summary>
    public long Joined { get; init; }

    /// <summary>Answers with SERVFAIL.</summary>
    public long Failures { get; init; }

    /// <summary>Questions that were turned away because too many were in work.</summary>
    public long Overloads { get; init; }

    /// <summary>Questions sent to servers.</summary>
    public long Sent { get; init; }

    /// <summary>Questions to servers that were not answered in time.</summary>
    public long Timeouts { get; init; }

    /// <summary>Datagrams to the resolver's ports that answered nothing that was asked: late, misdirected or forged.</summary>
    public long Strays { get; init; }

    /// <summary>Things in the cache.</summary>
    public int CacheCount { get; init; }

    /// <summary>Memory of the cache in bytes.</summary>
    public long CacheBytes { get; init; }

    /// <summary>Questions in work.</summary>
    public int InFlight { get; init; }
}
