namespace Morgana.Dns;

/// <summary>What was learnt from one reply. Only what may be believed from this server is in it.</summary>
internal sealed class Reply
{
    public required ReplyKind Kind { get; init; }

    /// <summary>Whether the server said that it has authority (AA).</summary>
    public bool Authoritative { get; init; }

    /// <summary>CNAMEs (and DNAMEs before theirs) in order, then for <see cref="ReplyKind.Answer"/> the set asked for.</summary>
    public IReadOnlyList<RecordSet> Chain { get; init; } = [];

    /// <summary>The name at the end of the chain.</summary>
    public DnsName Target { get; init; }

    /// <summary>The zone's SOA, for denials; null when there was none, and then the denial must not be kept (RFC 2308 section 5).</summary>
    public RecordSet? Soa { get; init; }

    /// <summary>For <see cref="ReplyKind.Referral"/>, and for the root's own servers.</summary>
    public RecordSet? Servers { get; init; }

    /// <summary>Addresses by the index of the record in <see cref="Servers"/>.</summary>
    public IReadOnlyList<GlueAddress> Glue { get; init; } = [];

    /// <summary>The zone's servers as the authority section of an authoritative answer names them.</summary>
    public RecordSet? AuthorityServers { get; init; }
}
