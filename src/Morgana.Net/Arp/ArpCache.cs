using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>
/// Which hardware address a neighbour has (RFC 826), in a table of fixed size.
/// Entries come from two places only: we asked, or the neighbour asked us. Anything else updates what is there and adds nothing,
/// so nobody can fill the table or plant an address that we never wanted.
/// </summary>
internal sealed class ArpCache
{
    private static readonly Instant Unused = new(long.MinValue);

    private readonly ArpLimits _limits;
    private readonly ArpTransmitter _transmitter;
    private readonly IFrameSink _sink;
    private readonly StackCounters _counters;
    private readonly ArpEntry[] _entries;
    private readonly Dictionary<IpAddress, int> _index;
    private readonly Stack<int> _free;
    private readonly ArpPendingFrames _pending;

    public ArpCache(
        ArpLimits limits,
        int frameSize,
        ArpTransmitter transmitter,
        IFrameSink sink,
        StackCounters counters
    )
    {
        _limits = limits;
        _transmitter = transmitter;
        _sink = sink;
        _counters = counters;
        _entries = new ArpEntry[limits.Entries];
        _index = new Dictionary<IpAddress, int>(limits.Entries);
        _free = new Stack<int>(limits.Entries);
        _pending = new ArpPendingFrames(limits.Frames, frameSize);
        for (int i = limits.Entries - 1; i >= 0; i--)
        {
            _free.Push(i);
        }
    }

    /// <summary>Neighbours in the table, those being asked for included.</summary>
    public int Count => _index.Count;

    /// <summary>Neighbours being asked for.</summary>
    public int Resolving { get; private set; }

    /// <summary>Frames that wait.</summary>
    public int PendingFrames => _pending.Count;

    /// <summary>When <see cref="Poll"/> has something to do; may be early, never late.</summary>
    public Instant NextDeadline { get; private set; } = Instant.Never;

    /// <summary>The state of a neighbour; <see cref="ArpEntryState.Free"/> when it is not in the table.</summary>
    public ArpEntryState StateOf(IpAddress address) =>
        _index.TryGetValue(address, out int slot) ? _entries[slot].State : ArpEntryState.Free;

    /// <summary>Looks a neighbour up in order to send to it; asks for it when it is not known.</summary>
    public ArpLookup Lookup(Instant now, IpAddress address, out MacAddress hardware)
    {
        hardware = default;
        if (_index.TryGetValue(address, out int slot))
        {
            ref ArpEntry known = ref _entries[slot];
            known.LastUsed = now;
            hardware = known.Hardware;
            return known.State == ArpEntryState.Resolving ? ArpLookup.Resolving : ArpLookup.Found;
        }

        if (Resolving >= _limits.Resolving || !TryAdd(address, mayDisplaceUsed: true, out slot))
        {
            return ArpLookup.Refused;
        }

        ref ArpEntry entry = ref _entries[slot];
        entry.State = ArpEntryState.Resolving;
        entry.Attempts = 1;
        entry.LastUsed = now;
        Resolving++;
        SetDeadline(ref entry, now + _limits.RequestInterval);
        _transmitter.Request(address);
        return ArpLookup.Resolving;
    }

    /// <summary>True when <paramref name="frames"/> frames of one datagram may wait for one neighbour.</summary>
    public bool MayWait(int frames) => frames <= _limits.FramesPerEntry;

    /// <summary>Keeps a frame until its neighbour, which <see cref="Lookup"/> said is being asked for, has answered.</summary>
    /// <param name="frame">A whole frame; its destination is filled in later.</param>
    /// <returns>False when there is no room: the frame is lost.</returns>
    public bool TryKeep(IpAddress address, ReadOnlySpan<byte> frame)
    {
        if (!_index.TryGetValue(address, out int slot))
        {
            return false;
        }

        ref ArpEntry entry = ref _entries[slot];
        if (entry.Frames == _limits.FramesPerEntry)
        {
            DropOldest(ref entry);
        }

        int stored = _pending.Store(frame);
        if (stored < 0 && entry.Frames > 0)
        {
            DropOldest(ref entry);
            stored = _pending.Store(frame);
        }

        if (stored < 0)
        {
            _counters.UnresolvedFramesDropped++;
            return false;
        }

        if (entry.Frames == 0)
        {
            entry.FirstFrame = stored;
        }
        else
        {
            _pending.Link(entry.LastFrame, stored);
        }

        entry.LastFrame = stored;
        entry.Frames++;
        return true;
    }

    /// <summary>A neighbour said which hardware address it has.</summary>
    /// <param name="mayAdd">It asked for us, so we shall want to answer: a new entry is welcome if there is room.</param>
    public void Learn(Instant now, IpAddress address, MacAddress hardware, bool mayAdd)
    {
        if (!_index.TryGetValue(address, out int slot))
        {
            if (!mayAdd || !TryAdd(address, mayDisplaceUsed: false, out slot))
            {
                return;
            }

            _entries[slot].Hardware = hardware;
            Confirm(now, ref _entries[slot]);
            return;
        }

        ref ArpEntry entry = ref _entries[slot];
        if (entry.State == ArpEntryState.Resolving)
        {
            Resolving--;
            entry.Hardware = hardware;
            Confirm(now, ref entry);
            SendKept(ref entry);
        }
        else if (entry.Hardware == hardware)
        {
            Confirm(now, ref entry);
        }
        else if (now >= entry.Confirmed + _limits.LockTime)
        {
            entry.Hardware = hardware;
            Confirm(now, ref entry);
        }
    }

    /// <summary>Takes every step that is due.</summary>
    public void Poll(Instant now, IUnresolvedFrames unresolved)
    {
        if (now < NextDeadline)
        {
            return;
        }

        // Handlers called from here may add entries, which lower the deadline again.
        NextDeadline = Instant.Never;
        for (int slot = 0; slot < _entries.Length; slot++)
        {
            if (_entries[slot].State != ArpEntryState.Free && _entries[slot].Deadline <= now)
            {
                Step(now, slot, unresolved);
            }

            ref ArpEntry entry = ref _entries[slot];
            if (entry.State != ArpEntryState.Free && entry.Deadline < NextDeadline)
            {
                NextDeadline = entry.Deadline;
            }
        }
    }

    private void Step(Instant now, int slot, IUnresolvedFrames unresolved)
    {
        ref ArpEntry entry = ref _entries[slot];
        switch (entry.State)
        {
            case ArpEntryState.Resolving when entry.Attempts < _limits.Requests:
                entry.Attempts++;
                SetDeadline(ref entry, now + _limits.RequestInterval);
                _transmitter.Request(entry.Address);
                break;
            case ArpEntryState.Reachable when entry.LastUsed >= entry.Confirmed:
                entry.State = ArpEntryState.Probing;
                entry.Attempts = 1;
                SetDeadline(ref entry, now + _limits.ProbeInterval);
                _transmitter.UnicastRequest(entry.Address, entry.Hardware);
                break;
            case ArpEntryState.Probing when entry.Attempts < _limits.Probes:
                entry.Attempts++;
                SetDeadline(ref entry, now + _limits.ProbeInterval);
                _transmitter.UnicastRequest(entry.Address, entry.Hardware);
                break;
            default:
                int frame = entry.Frames > 0 ? entry.FirstFrame : -1;
                Remove(slot);
                GiveUp(now, frame, unresolved);
                break;
        }
    }

    private void GiveUp(Instant now, int frame, IUnresolvedFrames unresolved)
    {
        // The list was detached from its entry first: whoever hears of the loss may send, and so change the table.
        while (frame >= 0)
        {
            int next = _pending.NextOf(frame);
            _counters.UnresolvedFramesDropped++;
            unresolved.OnUnresolved(now, _pending[frame]);
            _pending.Release(frame);
            frame = next;
        }
    }

    private void SendKept(ref ArpEntry entry)
    {
        int frame = entry.Frames > 0 ? entry.FirstFrame : -1;
        entry.Frames = 0;
        while (frame >= 0)
        {
            int next = _pending.NextOf(frame);
            Span<byte> bytes = _pending[frame];
            entry.Hardware.Write(bytes);
            _ = _sink.TrySend(bytes);
            _pending.Release(frame);
            frame = next;
        }
    }

    private void DropOldest(ref ArpEntry entry)
    {
        int oldest = entry.FirstFrame;
        entry.FirstFrame = _pending.NextOf(oldest);
        entry.Frames--;
        _pending.Release(oldest);
        _counters.UnresolvedFramesDropped++;
    }

    private void Confirm(Instant now, ref ArpEntry entry)
    {
        entry.State = ArpEntryState.Reachable;
        entry.Attempts = 0;
        entry.Confirmed = now;
        SetDeadline(ref entry, now + _limits.RefreshAfter);
    }

    private void SetDeadline(ref ArpEntry entry, Instant deadline)
    {
        entry.Deadline = deadline;
        if (deadline < NextDeadline)
        {
            NextDeadline = deadline;
        }
    }

    private bool TryAdd(IpAddress address, bool mayDisplaceUsed, out int slot)
    {
        if (!_free.TryPop(out slot))
        {
            slot = LeastRecentlyUsed();
            if (slot < 0 || (!mayDisplaceUsed && _entries[slot].LastUsed != Unused))
            {
                return false;
            }

            Remove(slot);
            slot = _free.Pop();
        }

        _entries[slot] = new ArpEntry
        {
            Address = address,
            LastUsed = Unused,
            FirstFrame = -1,
            LastFrame = -1,
        };
        _index.Add(address, slot);
        return true;
    }

    private int LeastRecentlyUsed()
    {
        int best = -1;
        for (int slot = 0; slot < _entries.Length; slot++)
        {
            ref readonly ArpEntry entry = ref _entries[slot];
            // A neighbour being asked for is bounded by its own limit, and frames wait for it.
            if (entry.State is ArpEntryState.Free or ArpEntryState.Resolving)
            {
                continue;
            }

            if (
                best < 0
                || entry.LastUsed < _entries[best].LastUsed
                || (
                    entry.LastUsed == _entries[best].LastUsed
                    && entry.Confirmed < _entries[best].Confirmed
                )
            )
            {
                best = slot;
            }
        }

        return best;
    }

    private void Remove(int slot)
    {
        ref ArpEntry entry = ref _entries[slot];
        if (entry.State == ArpEntryState.Resolving)
        {
            Resolving--;
        }

        _index.Remove(entry.Address);
        entry.State = ArpEntryState.Free;
        entry.Frames = 0;
        _free.Push(slot);
    }
}
