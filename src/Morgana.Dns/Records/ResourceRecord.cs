namespace Morgana.Dns;

/// <summary>A record on the heap (RFC 1035 section 3.2.1).</summary>
/// <param name="Name">The owner.</param>
/// <param name="Ttl">For how many seconds it may be kept, 0 to 2^31 - 1.</param>
/// <param name="Data">Its type and data.</param>
/// <param name="Class">Its class.</param>
public readonly record struct ResourceRecord(
    DnsName Name,
    uint Ttl,
    RData Data,
    RecordClass Class = RecordClass.Internet
)
{
    /// <summary>The type.</summary>
    public RecordType Type => Data.Type;
}
