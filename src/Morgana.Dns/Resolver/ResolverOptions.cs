namespace Morgana.Dns;

/// <summary>How a resolver works, and how much it may do. The defaults suit the public Internet.</summary>
public sealed record ResolverOptions
{
    /// <summary>The least time between two tries to learn the root's servers.</summary>
    internal static readonly TimeSpan PrimingPause = TimeSpan.FromSeconds(30);

    /// <summary>Bounds of the cache.</summary>
    public CacheOptions Cache { get; init; } = new();

    /// <summary>Where resolution starts.</summary>
    public RootHints RootHints { get; init; } = RootHints.Internet;

    /// <summary>Whether names that mean nothing outside a network, or nothing at all, are answered here (RFC 6303, RFC 6761 and others; see docs/resolver.md).</summary>
    public bool LocalZones { get; init; } = true;

    /// <summary>Names out of the local zones that are looked up as any other: they and all below them.</summary>
    public IReadOnlyList<DnsName> Transparent { get; init; } = [];

    /// <summary>Whether servers are asked over IPv6 too: only when the stack has it.</summary>
    public bool UseIpv6 { get; init; }

    /// <summary>Whether servers are told no more of a name than they need (RFC 9156).</summary>
    public bool MinimiseNames { get; init; } = true;

    /// <summary>Whether names are asked for in random case, for forgers to guess.</summary>
    public bool RandomiseCase { get; init; } = true;

    /// <summary>Whether the records of a set are given in turns.</summary>
    public bool RotateRecords { get; init; } = true;

    /// <summary>What version.bind and version.server say in class CH, at most 255 bytes of ASCII; null refuses to say.</summary>
    public string? Version { get; init; }

    /// <summary>Most questions that are being worked on, those for servers' addresses among them. More are answered SERVFAIL.</summary>
    public int MaxInFlight { get; init; } = 512;

    /// <summary>Most clients that wait for the same question. More get no answer and ask again.</summary>
    public int MaxClientsPerQuestion { get; init; } = 64;

    /// <summary>Most clients that wait beyond the first of each question; some 400 bytes each.</summary>
    public int MaxClients { get; init; } = 4096;

    /// <summary>Most questions to servers for one client's question, with all that is looked up on its behalf.</summary>
    public int MaxQueries { get; init; } = 64;

    /// <summary>Most servers' names whose addresses are looked up for one client's question (against NXNSAttack).</summary>
    public int MaxServerLookups { get; init; } = 10;

    /// <summary>Most servers' names of one zone that are looked up for one question; only those without glue count.</summary>
    public int MaxServerLookupsPerZone { get; init; } = 4;

    /// <summary>How deep servers' names may depend on each other without glue.</summary>
    public int MaxLookupDepth { get; init; } = 4;

    /// <summary>Most servers of one zone that are looked at.</summary>
    public int MaxServersPerZone { get; init; } = 16;

    /// <summary>Most CNAMEs and DNAMEs in a chain.</summary>
    public int MaxAliases { get; init; } = 12;

    /// <summary>Most bytes of records in a chain that is being put together; what is longer fits in no answer anyway.</summary>
    public int MaxChainBytes { get; init; } = 8192;

    /// <summary>Longest work on one question.</summary>
    public TimeSpan MaxTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Most server addresses of which speed and abilities are remembered; some 300 bytes each.</summary>
    public int MaxServers { get; init; } = 2048;
}
