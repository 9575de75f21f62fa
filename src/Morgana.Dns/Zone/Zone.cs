using System.Diagnostics.CodeAnalysis;

namespace Morgana.Dns;

/// <summary>
/// The authoritative data of one zone, in memory. Every name that exists has a node, empty non-terminals included, so that
/// a search goes down from the apex label by label and ends at the closest encloser. Immutable after loading.
/// </summary>
public sealed class Zone
{
    private readonly Dictionary<DnsName, ZoneNode> _nodes;
    private readonly Dictionary<DnsName, ZoneNode>.AlternateLookup<DnsNameView> _lookup;

    internal Zone(ZoneNode apex, RecordSet soa, Dictionary<DnsName, ZoneNode> nodes)
    {
        Apex = apex;
        Soa = soa;
        _nodes = nodes;
        _lookup = nodes.GetAlternateLookup<DnsNameView>();
        _ = SoaData.TryRead(soa.View(0), out SoaData data);
        NegativeTtl = Math.Min(soa.Ttl, data.Minimum);
        Serial = data.Serial;
    }

    /// <summary>The zone's name.</summary>
    public DnsName Origin => Apex.Name;

    /// <summary>The zone's class.</summary>
    public RecordClass Class => Soa.Class;

    /// <summary>The node of the zone's name.</summary>
    public ZoneNode Apex { get; }

    /// <summary>The start of authority.</summary>
    public RecordSet Soa { get; }

    /// <summary>The version of the zone.</summary>
    public uint Serial { get; }

    /// <summary>For how many seconds the absence of a name or type may be remembered: the lesser of SOA's TTL and minimum (RFC 2308 section 5).</summary>
    public uint NegativeTtl { get; }

    /// <summary>How many names exist, empty non-terminals included.</summary>
    public int NameCount => _nodes.Count;

    /// <summary>All nodes, in no order.</summary>
    public IReadOnlyCollection<ZoneNode> Nodes => _nodes.Values;

    /// <summary>Makes a zone of the text of a master file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="options">Name, origin and so on; null for the defaults.</param>
    /// <param name="issues">Errors and warnings, in the text and in the zone.</param>
    /// <returns>The zone; null when there are errors.</returns>
    public static Zone? Parse(
        ReadOnlySpan<char> text,
        MasterFileOptions? options,
        out IReadOnlyList<MasterFileIssue> issues
    )
    {
        IReadOnlyList<MasterFileEntry> entries = MasterFile.Parse(text, options, out issues);
        if (issues.Any(issue => issue.IsError))
        {
            return null;
        }

        var loader = new ZoneLoader(options?.FileName ?? "zone");
        Zone? zone = loader.Load(entries);
        issues = [.. issues, .. loader.Issues];
        return zone;
    }

    /// <summary>Makes a zone of the text of a master file.</summary>
    /// <exception cref="MasterFileException">There are errors in the text or in the zone; the message lists them.</exception>
    public static Zone Parse(ReadOnlySpan<char> text, MasterFileOptions? options = null) =>
        Parse(text, options, out IReadOnlyList<MasterFileIssue> issues)
        ?? throw new MasterFileException(issues);

    /// <summary>The node of a name, below zone cuts as well: for glue.</summary>
    /// <returns>False when the name does not exist here.</returns>
    public bool TryGetNode(DnsNameView name, [NotNullWhen(true)] out ZoneNode? node) =>
        _lookup.TryGetValue(name, out node);

    /// <summary>Finds what the zone knows of a name (RFC 1034 section 4.3.2, RFC 4592, RFC 6672); allocates nothing.</summary>
    public ZoneMatch Find(DnsNameView name)
    {
        Span<byte> scratch = stackalloc byte[DnsName.MaxLength];
        ReadOnlySpan<byte> wire = name.GetWire(scratch);
        if (!DnsName.IsAtOrBelow(wire, Origin.Wire))
        {
            return new ZoneMatch(ZoneMatchKind.OutOfZone, null, false);
        }

        Span<byte> starts = stackalloc byte[DnsName.MaxLabels];
        int left = 0;
        for (int at = 0; wire.Length - at > Origin.Length; at += wire[at] + 1)
        {
            starts[left++] = (byte)at;
        }

        ZoneNode node = Apex;
        while (true)
        {
            if (node.IsDelegation)
            {
                return new ZoneMatch(ZoneMatchKind.Delegation, node, left == 0);
            }

            if (left == 0)
            {
                return new ZoneMatch(ZoneMatchKind.Exact, node, true);
            }

            if (node.Dname is not null)
            {
                return new ZoneMatch(ZoneMatchKind.Dname, node, false);
            }

            DnsNameView next = DnsNameView.FromWire(wire[starts[--left]..]);
            if (!_lookup.TryGetValue(next, out ZoneNode? child))
            {
                return node.Wildcard is { } wildcard
                    ? new ZoneMatch(ZoneMatchKind.Wildcard, wildcard, false)
                    : new ZoneMatch(ZoneMatchKind.NoName, node, false);
            }

            node = child;
        }
    }
}
