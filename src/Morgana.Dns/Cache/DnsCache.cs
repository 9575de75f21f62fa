using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>
/// What is known of the tree in class IN, bounded in bytes. A hash table with the entries chained in its buckets; looking up takes names as
/// they lie in a message and allocates nothing. When it is full, SIEVE decides who goes: entries stand in the order of their coming, a
/// hand walks from the oldest to the newest, spares each that was used since it last passed and evicts the first that was not. Use
/// only sets a flag, so that a hit costs no list operation, and a flood of names that are asked for once pushes out
/// little else than itself. All operations are O(1), amortised.
/// </summary>
internal sealed class DnsCache
{
    private const int SmallestTable = 256;

    private readonly CacheOptions _options;
    private CacheEntry?[] _buckets = new CacheEntry?[SmallestTable];
    private CacheEntry? _newest;
    private CacheEntry? _oldest;
    private CacheEntry? _hand;

    public DnsCache(CacheOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(
            options.MaxBytes,
            65536,
            nameof(options.MaxBytes)
        );
        if (options.MinTtl > options.MaxTtl || options.MinTtl < TimeSpan.Zero)
        {
            throw new ArgumentException(
                $"The cache's least TTL ({options.MinTtl}) must be from zero to its greatest ({options.MaxTtl}).",
                nameof(options)
            );
        }

        _options = options;
        Bytes = SmallestTable * (long)IntPtr.Size;
    }

    /// <summary>How many things are kept.</summary>
    public int Count { get; private set; }

    /// <summary>Memory in use, in bytes: never more than <see cref="CacheOptions.MaxBytes"/>.</summary>
    public long Bytes { get; private set; }

    /// <summary>Entries that were pushed out before their time.</summary>
    public long Evictions { get; private set; }

    /// <summary>Finds something that is still fresh.</summary>
    /// <param name="name">Wire form.</param>
    /// <param name="type">The type that goes with the slot.</param>
    /// <param name="slot">What kind of thing.</param>
    /// <param name="now">The time.</param>
    public CacheEntry? Find(
        ReadOnlySpan<byte> name,
        RecordType type,
        CacheSlot slot,
        Instant now
    ) => Fresh(FindAny(name, HashOf(NameBytes.Hash(name), type, slot), type, slot), now);

    /// <summary>
    /// What is known of a question: its set or NODATA, else a CNAME, else that the name (or one above it) does not exist, else that it failed lately.
    /// </summary>
    /// <param name="name">Wire form.</param>
    /// <param name="type">The type asked for.</param>
    /// <param name="now">The time.</param>
    public CacheEntry? FindAnswer(ReadOnlySpan<byte> name, RecordType type, Instant now)
    {
        int nameHash = NameBytes.Hash(name);
        CacheEntry? found = Fresh(
            FindAny(name, HashOf(nameHash, type, CacheSlot.Data), type, CacheSlot.Data),
            now
        );
        if (found is null && type != RecordType.Cname)
        {
            found = Fresh(
                FindAny(
                    name,
                    HashOf(nameHash, RecordType.Cname, CacheSlot.Data),
                    RecordType.Cname,
                    CacheSlot.Data
                ),
                now
            );
            // That there is no CNAME says nothing about other types.
            found = found?.Set is null ? null : found;
        }

        return found
            ?? FindNameError(name, now)
            ?? Fresh(
                FindAny(name, HashOf(nameHash, type, CacheSlot.Failure), type, CacheSlot.Failure),
                now
            );
    }

    /// <summary>That the name or one above it does not exist: nothing is below a name that is not there (RFC 8020 section 2).</summary>
    public CacheEntry? FindNameError(ReadOnlySpan<byte> name, Instant now)
    {
        while (name[0] != 0)
        {
            if (Find(name, RecordType.None, CacheSlot.NameError, now) is { } denial)
            {
                return denial;
            }

            name = name[(name[0] + 1)..];
        }

        return null;
    }

    /// <summary>The delegation nearest to the name, at it or above; null when only the root is left.</summary>
    public Delegation? FindDelegation(ReadOnlySpan<byte> name, Instant now)
    {
        while (name[0] != 0)
        {
            if (Find(name, RecordType.Ns, CacheSlot.Delegation, now) is { } entry)
            {
                return entry.Delegation;
            }

            name = name[(name[0] + 1)..];
        }

        return null;
    }

    /// <summary>Keeps a set for its TTL, within the bounds.</summary>
    /// <returns>Until when it may be used: now, when its TTL is 0.</returns>
    public Instant Put(RecordSet set, Credibility credibility, Instant now)
    {
        Instant expires = now + Bound(set.Ttl, _options.MinTtl, _options.MaxTtl);
        Store(
            set.Name,
            set.Type,
            CacheSlot.Data,
            expires,
            credibility,
            set.MemorySize,
            now,
            set,
            soa: null
        );
        return expires;
    }

    /// <summary>Keeps that a name has no records of a type (RFC 2308 section 2.2).</summary>
    /// <param name="name">The name.</param>
    /// <param name="type">The type.</param>
    /// <param name="soa">The zone's SOA; it is given with the answer.</param>
    /// <param name="now">The time.</param>
    /// <returns>Until when it may be used.</returns>
    public Instant PutNoData(DnsName name, RecordType type, RecordSet soa, Instant now) =>
        PutDenial(name, type, CacheSlot.Data, soa, now);

    /// <summary>Keeps that a name does not exist (RFC 2308 section 2.1).</summary>
    public Instant PutNameError(DnsName name, RecordSet soa, Instant now) =>
        PutDenial(name, RecordType.None, CacheSlot.NameError, soa, now);

    /// <summary>Keeps a delegation until it expires.</summary>
    public void PutDelegation(Delegation delegation, Instant now)
    {
        CacheEntry? entry = Store(
            delegation.Zone,
            RecordType.Ns,
            CacheSlot.Delegation,
            delegation.Expires,
            Credibility.AuthoritativeAnswer,
            delegation.MemorySize,
            now,
            set: null,
            soa: null
        );
        entry?.Delegation = delegation;
    }

    /// <summary>Forgets a delegation: its servers turned out to be of no use.</summary>
    public void RemoveDelegation(DnsName zone)
    {
        ReadOnlySpan<byte> name = zone.Wire;
        int hash = HashOf(NameBytes.Hash(name), RecordType.Ns, CacheSlot.Delegation);
        if (FindAny(name, hash, RecordType.Ns, CacheSlot.Delegation) is { } entry)
        {
            Remove(entry);
        }
    }

    /// <summary>Keeps that finding an answer out failed (RFC 9520), the longer the more often it did in a row.</summary>
    public void PutFailure(DnsName name, RecordType type, Instant now)
    {
        int hash = HashOf(NameBytes.Hash(name.Wire), type, CacheSlot.Failure);
        int failures = 1;
        if (
            FindAny(name.Wire, hash, type, CacheSlot.Failure) is { } before
            && now - before.Expires < _options.MaxFailureTtl
        )
        {
            failures = Math.Min(before.Failures + 1, 16);
        }

        double seconds = _options.FailureTtl.TotalSeconds * (1 << (failures - 1));
        TimeSpan kept = TimeSpan.FromSeconds(
            Math.Min(seconds, _options.MaxFailureTtl.TotalSeconds)
        );
        CacheEntry? entry = Store(
            name,
            type,
            CacheSlot.Failure,
            now + kept,
            Credibility.AuthoritativeAnswer,
            NameSize(name),
            now,
            set: null,
            soa: null
        );
        entry?.Failures = failures;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _buckets = new CacheEntry?[SmallestTable];
        _newest = _oldest = _hand = null;
        Count = 0;
        Bytes = SmallestTable * (long)IntPtr.Size;
    }

    /// <summary>Compares the sums that are kept with what is there, and all links with each other; for tests.</summary>
    /// <exception cref="InvalidOperationException">They differ.</exception>
    internal void CheckBooks()
    {
        long bytes = _buckets.Length * (long)IntPtr.Size;
        int listed = 0;
        bool sawHand = _hand is null;
        for (CacheEntry? entry = _oldest; entry is not null; entry = entry.Newer)
        {
            listed++;
            bytes += entry.Size;
            sawHand |= entry == _hand;
            bool linked = entry.Newer is null ? entry == _newest : entry.Newer.Older == entry;
            bool found = FindAny(entry.Name.Wire, entry.Hash, entry.Type, entry.Slot) == entry;
            if (!linked || !found)
            {
                throw new InvalidOperationException($"{entry.Name} is badly linked.");
            }
        }

        if (listed != Count || bytes != Bytes || !sawHand)
        {
            throw new InvalidOperationException(
                $"{listed} of {Count} entries, {bytes} of {Bytes} bytes."
            );
        }
    }

    private Instant PutDenial(
        DnsName name,
        RecordType type,
        CacheSlot slot,
        RecordSet soa,
        Instant now
    )
    {
        // RFC 2308 section 5: the lesser of the SOA's own TTL and its minimum field.
        uint ttl = SoaData.TryRead(soa.View(0), out SoaData data)
            ? Math.Min(soa.Ttl, data.Minimum)
            : 0;
        Instant expires = now + Bound(ttl, TimeSpan.Zero, _options.MaxNegativeTtl);
        Store(
            name,
            type,
            slot,
            expires,
            Credibility.AuthoritativeAnswer,
            NameSize(name) + soa.MemorySize,
            now,
            set: null,
            soa
        );
        return expires;
    }

    private CacheEntry? Store(
        DnsName name,
        RecordType type,
        CacheSlot slot,
        Instant expires,
        Credibility credibility,
        int contentSize,
        Instant now,
        RecordSet? set,
        RecordSet? soa
    )
    {
        int hash = HashOf(NameBytes.Hash(name.Wire), type, slot);
        CacheEntry? old = FindAny(name.Wire, hash, type, slot);
        if (old is not null)
        {
            if (old.Expires > now && old.Credibility > credibility)
            {
                return null;
            }

            if (expires > now)
            {
                Remove(old);
            }
        }

        int size = CacheEntry.OwnSize + contentSize;
        // One entry may not push out a great part of all others. What has no time to live was good for the question at hand only.
        if (expires <= now || size > _options.MaxBytes / 16)
        {
            return null;
        }

        Grow();
        while (Bytes + size > _options.MaxBytes && Evict(now)) { }
        CacheEntry entry = new()
        {
            // The name must not hold on to a longer one, nor the entry to the case of somebody's question.
            Name = set?.Name ?? name.Trim(),
            Type = type,
            Slot = slot,
            Hash = hash,
            Size = size,
            Expires = expires,
            Credibility = credibility,
            Set = set,
            Soa = soa,
        };
        ref CacheEntry? bucket = ref Bucket(hash);
        entry.NextInBucket = bucket;
        bucket = entry;
        entry.Older = _newest;
        if (_newest is null)
        {
            _oldest = entry;
        }
        else
        {
            _newest.Newer = entry;
        }

        _newest = entry;
        Count++;
        Bytes += size;
        return entry;
    }

    private void Grow()
    {
        // The new table must fit beside what is kept, and the old one is there until all has moved: at most half of the memory for tables.
        if (Count < _buckets.Length || 2L * _buckets.Length * IntPtr.Size > _options.MaxBytes / 4)
        {
            return;
        }

        CacheEntry?[] old = _buckets;
        _buckets = new CacheEntry?[2 * old.Length];
        Bytes += old.Length * (long)IntPtr.Size;
        foreach (CacheEntry? first in old)
        {
            for (CacheEntry? entry = first; entry is not null; )
            {
                CacheEntry? next = entry.NextInBucket;
                ref CacheEntry? bucket = ref Bucket(entry.Hash);
                entry.NextInBucket = bucket;
                bucket = entry;
                entry = next;
            }
        }
    }

    private bool Evict(Instant now)
    {
        CacheEntry? hand = _hand ?? _oldest;
        while (hand is { Visited: true } && hand.Expires > now)
        {
            hand.Visited = false;
            hand = hand.Newer ?? _oldest;
        }

        if (hand is null)
        {
            return false;
        }

        _hand = hand;
        Remove(hand);
        Evictions++;
        return true;
    }

    private void Remove(CacheEntry entry)
    {
        if (_hand == entry)
        {
            _hand = entry.Newer;
        }

        ref CacheEntry? link = ref Bucket(entry.Hash);
        if (link == entry)
        {
            link = entry.NextInBucket;
        }
        else
        {
            CacheEntry before = link!;
            while (before.NextInBucket != entry)
            {
                before = before.NextInBucket!;
            }

            before.NextInBucket = entry.NextInBucket;
        }

        if (entry.Newer is null)
        {
            _newest = entry.Older;
        }
        else
        {
            entry.Newer.Older = entry.Older;
        }

        if (entry.Older is null)
        {
            _oldest = entry.Newer;
        }
        else
        {
            entry.Older.Newer = entry.Newer;
        }

        // Whoever still holds the entry must not hold its old neighbours.
        entry.Newer = entry.Older = entry.NextInBucket = null;
        Count--;
        Bytes -= entry.Size;
    }

    private CacheEntry? FindAny(ReadOnlySpan<byte> name, int hash, RecordType type, CacheSlot slot)
    {
        CacheEntry? entry = Bucket(hash);
        while (
            entry is not null
            && (
                entry.Hash != hash
                || entry.Type != type
                || entry.Slot != slot
                || !NameBytes.EqualIgnoringCase(entry.Name.Wire, name)
            )
        )
        {
            entry = entry.NextInBucket;
        }

        return entry;
    }

    private static CacheEntry? Fresh(CacheEntry? entry, Instant now)
    {
        if (entry is null || entry.Expires <= now)
        {
            return null;
        }

        entry.Visited = true;
        return entry;
    }

    private ref CacheEntry? Bucket(int hash) => ref _buckets[hash & (_buckets.Length - 1)];

    // The name's hash is keyed (see NameBytes.Hash); mixing in the type needs no secret.
    private static int HashOf(int nameHash, RecordType type, CacheSlot slot) =>
        nameHash ^ (int)(((uint)type << 2 | (uint)slot) * 0x9e3779b1u >> 1);

    private static int NameSize(DnsName name) => 24 + (name.Length + 7 & ~7);

    private static TimeSpan Bound(uint ttl, TimeSpan least, TimeSpan most)
    {
        TimeSpan span = TimeSpan.FromSeconds(ttl);
        return span < least ? least
            : span > most ? most
            : span;
    }
}
