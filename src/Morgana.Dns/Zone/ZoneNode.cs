namespace Morgana.Dns;

/// <summary>A name that exists in a zone, with its record sets; an empty non-terminal has none (RFC 8499 section 7).</summary>
public sealed class ZoneNode
{
    private RecordSet[] _sets = [];

    internal ZoneNode(DnsName name) => Name = name;

    /// <summary>The name.</summary>
    public DnsName Name { get; }

    /// <summary>The record sets, by increasing type.</summary>
    public ReadOnlySpan<RecordSet> Sets => _sets;

    /// <summary>True at a zone cut below the apex: the name belongs to another zone, for which the NS set here tells who has it.</summary>
    public bool IsDelegation { get; internal set; }

    /// <summary>The node of the wildcard directly below, which answers for names that do not exist (RFC 4592); null when there is none.</summary>
    public ZoneNode? Wildcard { get; internal set; }

    /// <summary>The DNAME set; null when there is none.</summary>
    public RecordSet? Dname { get; private set; }

    /// <summary>Where the CNAME here leads; meaningful only where there is one.</summary>
    public DnsName AliasTarget { get; private set; }

    /// <summary>The set of a type; null when there is none.</summary>
    public RecordSet? Find(RecordType type)
    {
        foreach (RecordSet set in _sets)
        {
            if (set.Type == type)
            {
                return set;
            }
        }

        return null;
    }

    internal void Set(RecordSet[] sets)
    {
        Array.Sort(sets, (a, b) => a.Type.CompareTo(b.Type));
        _sets = sets;
        Dname = Find(RecordType.Dname);
        if (Find(RecordType.Cname) is { } alias && alias.View(0).TryGetName(out DnsNameView target))
        {
            AliasTarget = target.ToName();
        }
    }
}
