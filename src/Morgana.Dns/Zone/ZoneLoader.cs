namespace Morgana.Dns;

/// <summary>Makes a zone of records, and says what is wrong with it: once, when it is loaded, instead of in every answer.</summary>
internal sealed class ZoneLoader(string fileName)
{
    private readonly List<MasterFileIssue> _issues = [];
    private readonly Dictionary<DnsName, ZoneNode> _nodes = new(DnsNameComparer.Instance);
    private readonly Dictionary<(DnsName Name, RecordType Type), Builder> _builders = [];

    public IReadOnlyList<MasterFileIssue> Issues => _issues;

    /// <summary>Makes the zone; null when there are errors.</summary>
    public Zone? Load(IReadOnlyList<MasterFileEntry> entries)
    {
        MasterFileEntry[] starts = [.. entries.Where(entry => entry.Record.Type == RecordType.Soa)];
        if (starts.Length == 0)
        {
            Error(
                default,
                "The zone has no SOA record: begin it with one, as in @ SOA ns1 hostmaster 1 1h 15m 1w 5m."
            );
            return null;
        }

        foreach (MasterFileEntry extra in starts.Skip(1))
        {
            Error(
                extra,
                $"A second SOA record: the first is on line {starts[0].Line}. Remove one of them."
            );
        }

        DnsName origin = starts[0].Record.Name;
        foreach (MasterFileEntry entry in entries)
        {
            Add(entry, origin);
        }

        var sets = _builders.Values.ToLookup(builder => builder.Sets.Name, builder => builder);
        foreach (IGrouping<DnsName, Builder> owner in sets)
        {
            Node(owner.Key, origin).Set([.. owner.Select(builder => builder.Sets.Build())]);
        }

        ZoneNode apex = Node(origin, origin);
        if (apex.Find(RecordType.Ns) is null)
        {
            Error(starts[0], $"The zone has no name server: add an NS record for {origin}.");
        }

        foreach (ZoneNode node in _nodes.Values)
        {
            node.IsDelegation = node != apex && node.Find(RecordType.Ns) is not null;
            if (node.Name.IsWildcard && _nodes.TryGetValue(node.Name.Parent, out ZoneNode? parent))
            {
                parent.Wildcard = node;
            }
        }

        foreach (ZoneNode node in _nodes.Values.OrderBy(node => node.Name))
        {
            Check(node, apex);
        }

        return _issues.Any(issue => issue.IsError)
            ? null
            : new Zone(apex, apex.Find(RecordType.Soa)!, _nodes);
    }

    private void Add(in MasterFileEntry entry, DnsName origin)
    {
        ResourceRecord record = entry.Record;
        if (!record.Name.IsAtOrBelow(origin))
        {
            Error(
                entry,
                $"{record.Name} is outside the zone {origin}: does the name lack, or have, a final dot?"
            );
            return;
        }

        if (record.Type == RecordType.Soa && record.Name != origin)
        {
            // Reported already as a second one.
            return;
        }

        (DnsName, RecordType) key = (record.Name, record.Type);
        if (!_builders.TryGetValue(key, out Builder? builder))
        {
            builder = new Builder(
                new RecordSetBuilder(record.Name, record.Type, record.Class),
                entry
            );
            _builders.Add(key, builder);
        }
        else if (builder.First.Record.Ttl != record.Ttl)
        {
            Warn(
                entry,
                $"The TTL {record.Ttl} differs from that of line {builder.First.Line} ({builder.First.Record.Ttl}): records of one name and type have one TTL (RFC 2181), and the least is used."
            );
        }

        if (!builder.Sets.Add(record.Ttl, record.Data.Wire))
        {
            Warn(entry, "The same record stands here twice: remove one of them.");
        }
    }

    /// <summary>The node of a name, made with the empty non-terminals above it when it is not there.</summary>
    private ZoneNode Node(DnsName name, DnsName origin)
    {
        if (!_nodes.TryGetValue(name, out ZoneNode? node))
        {
            node = new ZoneNode(name.Trim());
            _nodes.Add(node.Name, node);
            if (name != origin)
            {
                Node(name.Parent, origin);
            }
        }

        return node;
    }

    private void Check(ZoneNode node, ZoneNode apex)
    {
        DnsName name = node.Name;
        if (node.Find(RecordType.Cname) is { } alias)
        {
            foreach (RecordSet other in node.Sets)
            {
                // RFC 2181 section 10.1, with RFC 4034 section 3 and 4 for what may stand beside it.
                if (other.Type is not (RecordType.Cname or RecordType.Rrsig or RecordType.Nsec))
                {
                    Error(
                        Entry(name, other.Type),
                        $"{name} has a CNAME and so must not have {other.Type.ToText()} as well: remove one of them."
                    );
                }
            }

            if (alias.Count > 1)
            {
                Error(
                    Entry(name, RecordType.Cname),
                    $"{name} has {alias.Count} CNAME records: keep one."
                );
            }
        }

        if (node.Dname is { Count: > 1 } dname)
        {
            Error(
                Entry(name, RecordType.Dname),
                $"{name} has {dname.Count} DNAME records: keep one (RFC 6672)."
            );
        }

        if (name.IsWildcard)
        {
            foreach (RecordType type in (ReadOnlySpan<RecordType>)[RecordType.Ns, RecordType.Dname])
            {
                if (node.Find(type) is not null && node != apex)
                {
                    Error(
                        Entry(name, type),
                        $"{type.ToText()} at the wildcard {name} has no defined meaning (RFC 4592 section 4): write the names out."
                    );
                }
            }
        }

        CheckPlace(node, apex);
        CheckTargets(node, apex);
    }

    /// <summary>Names below a DNAME or a zone cut do not belong to the zone.</summary>
    private void CheckPlace(ZoneNode node, ZoneNode apex)
    {
        if (node == apex || node.Sets.IsEmpty)
        {
            return;
        }

        for (DnsName above = node.Name.Parent; ; above = above.Parent)
        {
            ZoneNode ancestor = _nodes[above];
            if (ancestor.Dname is not null)
            {
                Error(
                    Entry(node.Name, node.Sets[0].Type),
                    $"{node.Name} is below the DNAME at {above} and so cannot exist (RFC 6672 section 2.4): remove one of them."
                );
                return;
            }

            if (ancestor.IsDelegation)
            {
                foreach (RecordSet set in node.Sets)
                {
                    if (
                        set.Type
                        is not (
                            RecordType.A
                            or RecordType.Aaaa
                            or RecordType.Rrsig
                            or RecordType.Nsec
                        )
                    )
                    {
                        Warn(
                            Entry(node.Name, set.Type),
                            $"{set.Type.ToText()} of {node.Name} is never given: {above} is delegated to other servers. Move it to their zone."
                        );
                    }
                }
            }

            if (ancestor == apex)
            {
                return;
            }
        }
    }

    private void CheckTargets(ZoneNode node, ZoneNode apex)
    {
        foreach (RecordSet set in node.Sets)
        {
            if (set.Type is not (RecordType.Ns or RecordType.Mx or RecordType.Srv))
            {
                continue;
            }

            for (int i = 0; i < set.Count; i++)
            {
                if (
                    !AdditionalData.TryGetTarget(set.View(i), out DnsNameView view)
                    || view.IsRoot
                    || !view.IsAtOrBelow(apex.Name)
                )
                {
                    continue;
                }

                DnsName target = view.ToName();
                _ = _nodes.TryGetValue(target, out ZoneNode? host);
                if (host?.Find(RecordType.Cname) is not null)
                {
                    Warn(
                        Entry(node.Name, set.Type),
                        $"{target} is an alias, and {set.Type.ToText()} must name a host itself (RFC 2181 section 10.3): write the CNAME's target."
                    );
                }
                else if (
                    host?.Find(RecordType.A) is null
                    && host?.Find(RecordType.Aaaa) is null
                    && !IsAnsweredElsewhere(
                        target,
                        apex,
                        exceptBelow: node.IsDelegation ? node.Name : null
                    )
                )
                {
                    string wanted =
                        set.Type == RecordType.Ns && node.IsDelegation ? "glue" : "an address";
                    Warn(
                        Entry(node.Name, set.Type),
                        $"{target} has no address here: add {wanted}, an A or AAAA record of {target}."
                    );
                }
            }
        }
    }

    /// <summary>True when the addresses of a name may come from a wildcard, a DNAME or another zone.</summary>
    private bool IsAnsweredElsewhere(DnsName name, ZoneNode apex, DnsName? exceptBelow)
    {
        if (exceptBelow is { } cut && name.IsAtOrBelow(cut))
        {
            return false;
        }

        for (DnsName above = name; above.IsAtOrBelow(apex.Name); above = above.Parent)
        {
            if (_nodes.TryGetValue(above, out ZoneNode? node))
            {
                if (
                    node.IsDelegation
                    || node.Dname is not null
                    || (node.Wildcard is not null && above != name)
                )
                {
                    return true;
                }
            }

            if (above.IsRoot)
            {
                break;
            }
        }

        return false;
    }

    private MasterFileEntry Entry(DnsName name, RecordType type) =>
        _builders.TryGetValue((name, type), out Builder? builder) ? builder.First : default;

    private void Error(in MasterFileEntry entry, string message) => Report(entry, true, message);

    private void Warn(in MasterFileEntry entry, string message) => Report(entry, false, message);

    private void Report(in MasterFileEntry entry, bool isError, string message) =>
        _issues.Add(new MasterFileIssue(entry.File ?? fileName, entry.Line, 0, isError, message));

    private sealed record Builder(RecordSetBuilder Sets, MasterFileEntry First);
}
