using System.Buffers.Binary;
using System.Globalization;

namespace Morgana.Dns;

/// <summary>
/// Zones that every resolver should answer for by itself (RFC 6303), because the root and the servers of in-addr.arpa know nothing of them and
/// should not be bothered, nor told: reverse zones of private and special addresses, and names for special use (RFC 6761 and later).
/// Each is empty but for SOA and NS, except where loopback has a name.
/// </summary>
internal sealed class LocalZones
{
    private const uint Ttl = 10800;

    // RFC 6303 sections 4.1 to 4.6, and RFC 7793 for 100.64.0.0/10 (added below).
    private static readonly string[] ReverseZones =
    [
        "10.in-addr.arpa.",
        "168.192.in-addr.arpa.",
        "0.in-addr.arpa.",
        "127.in-addr.arpa.",
        "254.169.in-addr.arpa.",
        "2.0.192.in-addr.arpa.",
        "100.51.198.in-addr.arpa.",
        "113.0.203.in-addr.arpa.",
        "255.255.255.255.in-addr.arpa.",
        "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa.",
        LoopbackV6,
        "d.f.ip6.arpa.",
        "8.e.f.ip6.arpa.",
        "9.e.f.ip6.arpa.",
        "a.e.f.ip6.arpa.",
        "b.e.f.ip6.arpa.",
        "8.b.d.0.1.0.0.2.ip6.arpa.",
    ];

    // RFC 6761 (invalid, test, localhost), RFC 6762 (local), RFC 7686 (onion), RFC 8375 (home.arpa),
    // RFC 9462 (resolver.arpa), RFC 9476 (alt), RFC 9665 (service.arpa).
    private static readonly string[] SpecialNames =
    [
        "invalid.",
        "test.",
        "local.",
        "onion.",
        "home.arpa.",
        "resolver.arpa.",
        "alt.",
        "service.arpa.",
    ];

    private const string LoopbackV6 =
        "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa.";

    private readonly Dictionary<DnsName, Zone> _zones;
    private readonly Dictionary<DnsName, Zone>.AlternateLookup<DnsNameView> _byView;

    // The last labels of all zones, length and letters. There are few, and most questions end in none of them: those need no hashing.
    private readonly byte[][] _tops;

    public LocalZones(ResolverOptions options)
    {
        Dictionary<DnsName, Zone> zones = new(DnsNameComparer.Instance);
        // Who brings a root of his own has his own names: test. is what experiments of that kind use (RFC 6761 section 6.2).
        bool ownRoot = !ReferenceEquals(options.RootHints, RootHints.Internet);
        if (options.LocalZones)
        {
            foreach (
                string name in (List<string>)[.. ReverseZones, .. SpecialNames, .. NumberedZones()]
            )
            {
                Add(zones, name);
            }

            Add(zones, "localhost.", isLocalhost: true);
            DnsName localhost = DnsName.Parse("localhost.");
            DnsName loopback = DnsName.Parse("1.0.0.127.in-addr.arpa.");
            zones[DnsName.Parse("127.in-addr.arpa.")].Pointer = Single(
                loopback,
                RecordType.Ptr,
                localhost.Wire
            );
            DnsName loopbackV6 = DnsName.Parse(LoopbackV6);
            zones[loopbackV6].Pointer = Single(loopbackV6, RecordType.Ptr, localhost.Wire);
            if (ownRoot)
            {
                zones.Remove(DnsName.Parse("test."));
            }
        }

        foreach (DnsName transparent in options.Transparent)
        {
            // A name inside a local zone makes a hole in it; a name above one takes it away.
            bool isInside = false;
            foreach (DnsName zone in new List<DnsName>(zones.Keys))
            {
                if (zone.IsAtOrBelow(transparent))
                {
                    zones.Remove(zone);
                }

                isInside |= transparent.IsBelow(zone);
            }

            if (isInside)
            {
                zones[transparent] = Zone.Hole;
            }
        }

        _zones = zones;
        _byView = _zones.GetAlternateLookup<DnsNameView>();
        Dictionary<int, byte[]> tops = [];
        foreach (DnsName name in zones.Keys)
        {
            byte[] label = LastLabel(name.Wire).ToArray();
            _ = tops.TryAdd(NameBytes.Hash(label), label);
        }

        _tops = new byte[tops.Count][];
        tops.Values.CopyTo(_tops, 0);
    }

    /// <summary>Answers what belongs to a local zone.</summary>
    /// <param name="name">Wire form.</param>
    /// <param name="type">The type asked for.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>False when the name is in none.</returns>
    public bool TryAnswer(ReadOnlySpan<byte> name, RecordType type, out LocalAnswer answer)
    {
        answer = default;
        if (!MayBeLocal(name))
        {
            return false;
        }

        Zone? zone = null;
        ReadOnlySpan<byte> apex = name;
        while (apex[0] != 0)
        {
            if (_byView.TryGetValue(DnsNameView.FromWire(apex), out zone))
            {
                break;
            }

            apex = apex[(apex[0] + 1)..];
        }

        if (zone is null || zone == Zone.Hole)
        {
            return false;
        }

        bool atApex = apex.Length == name.Length;
        // DS of a zone belongs to its parent (RFC 4035 section 3.1.4.1), but what the parent says of these is nobody's business either.
        RecordSet? set = null;
        bool exists = atApex;
        if (atApex && type == RecordType.Soa)
        {
            set = zone.Soa;
        }
        else if (atApex && type == RecordType.Ns)
        {
            set = zone.Servers;
        }
        else if (zone.IsLocalhost)
        {
            // RFC 6761 section 6.3: localhost and all names below it are this host.
            exists = true;
            set =
                type == RecordType.A ? zone.AddressV4
                : type == RecordType.Aaaa ? zone.AddressV6
                : null;
        }
        else if (zone.Pointer is { } pointer && DnsName.IsAtOrBelow(pointer.Name.Wire, name))
        {
            exists = true;
            set = type == RecordType.Ptr && pointer.Name.Length == name.Length ? pointer : null;
        }

        answer = new LocalAnswer(
            exists ? ResponseCode.NoError : ResponseCode.NameError,
            set,
            zone.Soa
        );
        return true;
    }

    private bool MayBeLocal(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> last = LastLabel(name);
        foreach (byte[] top in _tops)
        {
            if (NameBytes.EqualIgnoringCase(top, last))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Length and letters of the label next to the root; nothing for the root.</summary>
    private static ReadOnlySpan<byte> LastLabel(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> last = [];
        while (name[0] != 0)
        {
            last = name[..(name[0] + 1)];
            name = name[(name[0] + 1)..];
        }

        return last;
    }

    private static IEnumerable<string> NumberedZones()
    {
        for (int i = 16; i < 32; i++)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{i}.172.in-addr.arpa.");
        }

        for (int i = 64; i < 128; i++)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{i}.100.in-addr.arpa.");
        }
    }

    private static void Add(Dictionary<DnsName, Zone> zones, string text, bool isLocalhost = false)
    {
        DnsName name = DnsName.Parse(text);
        DnsName mailbox = DnsName.Parse("nobody.invalid.");
        // RFC 6303 section 3 gives these fields.
        byte[] soa = new byte[name.Length + mailbox.Length + 20];
        name.Wire.CopyTo(soa);
        mailbox.Wire.CopyTo(soa.AsSpan(name.Length));
        Span<byte> numbers = soa.AsSpan(name.Length + mailbox.Length);
        BinaryPrimitives.WriteUInt32BigEndian(numbers, 1);
        BinaryPrimitives.WriteUInt32BigEndian(numbers[4..], 3600);
        BinaryPrimitives.WriteUInt32BigEndian(numbers[8..], 1200);
        BinaryPrimitives.WriteUInt32BigEndian(numbers[12..], 604800);
        BinaryPrimitives.WriteUInt32BigEndian(numbers[16..], Ttl);
        zones[name] = new Zone(
            Single(name, RecordType.Soa, soa),
            Single(name, RecordType.Ns, name.Wire)
        )
        {
            IsLocalhost = isLocalhost,
            AddressV4 = isLocalhost ? Single(name, RecordType.A, [127, 0, 0, 1]) : null,
            AddressV6 = isLocalhost
                ? Single(name, RecordType.Aaaa, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
                : null,
        };
    }

    private static RecordSet Single(DnsName name, RecordType type, ReadOnlySpan<byte> data)
    {
        RecordSetBuilder builder = new(name, type);
        builder.Add(Ttl, data);
        return builder.Build();
    }

    private sealed class Zone(RecordSet soa, RecordSet servers)
    {
        /// <summary>Stands for a name that is looked up although a zone above it is local.</summary>
        public static readonly Zone Hole = new(null!, null!);

        public RecordSet Soa { get; } = soa;

        public RecordSet Servers { get; } = servers;

        public bool IsLocalhost { get; init; }

        public RecordSet? AddressV4 { get; init; }

        public RecordSet? AddressV6 { get; init; }

        public RecordSet? Pointer { get; set; }
    }
}
