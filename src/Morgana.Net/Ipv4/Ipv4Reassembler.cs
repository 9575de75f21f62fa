using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>
/// Puts fragments together (RFC 791 section 3.2, RFC 815) within fixed bounds of count, bytes and time. Fragments that contradict each
/// other spoil the whole datagram, the fragments still to come included (RFC 5722 asks this of IPv6; the attacks are the same).
/// </summary>
internal sealed class Ipv4Reassembler
{
    private readonly Ipv4ReassemblyLimits _limits;
    private readonly StackCounters _counters;
    private readonly Ipv4Reassembly[] _datagrams;

    public Ipv4Reassembler(Ipv4ReassemblyLimits limits, StackCounters counters)
    {
        _limits = limits;
        _counters = counters;
        _datagrams = new Ipv4Reassembly[limits.Datagrams];
        for (int i = 0; i < _datagrams.Length; i++)
        {
            _datagrams[i] = new Ipv4Reassembly(limits.Ranges);
        }
    }

    /// <summary>When <see cref="Poll"/> has something to do; may be early, never late.</summary>
    public Instant NextDeadline { get; private set; } = Instant.Never;

    /// <summary>Datagrams being put together.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            foreach (Ipv4Reassembly datagram in _datagrams)
            {
                count += datagram.IsInUse ? 1 : 0;
            }

            return count;
        }
    }

    /// <summary>Bytes of all buffers.</summary>
    public int Bytes
    {
        get
        {
            int bytes = 0;
            foreach (Ipv4Reassembly datagram in _datagrams)
            {
                bytes += datagram.BufferLength;
            }

            return bytes;
        }
    }

    /// <summary>Takes a fragment.</summary>
    /// <returns>The datagram when it is complete now: release it after use. Else null.</returns>
    public Ipv4Reassembly? Add(Instant now, in Ipv4Packet packet, bool isBroadcast)
    {
        int start = packet.FragmentOffset;
        int end = start + packet.Payload.Length;
        bool isLast = !packet.MoreFragments;
        if (
            packet.Payload.IsEmpty
            || (!isLast && packet.Payload.Length % 8 != 0)
            || end > Ipv4Packet.MaximumLength - packet.HeaderLength
        )
        {
            _counters.Drop(DropReason.FragmentMalformed);
            return null;
        }

        Ipv4Reassembly datagram = FindOrBegin(now, packet, isBroadcast);
        if (datagram.IsSpoilt)
        {
            _counters.Drop(DropReason.FragmentOverlap);
            return null;
        }

        Ipv4Overlap overlap = datagram.AgreesOnLength(end, isLast)
            ? datagram.FindOverlap(start, packet.Payload)
            : Ipv4Overlap.Contradiction;
        if (overlap == Ipv4Overlap.Contradiction)
        {
            datagram.Spoil();
            _counters.Drop(DropReason.FragmentOverlap);
            return null;
        }

        if (++datagram.Fragments > _limits.Fragments)
        {
            datagram.Spoil();
            _counters.Drop(DropReason.FragmentLimit);
            return null;
        }

        if (overlap == Ipv4Overlap.Repetition)
        {
            return null;
        }

        MakeRoom(datagram, datagram.GrowthFor(end));
        if (!datagram.TryInsert(start, packet.Payload, isLast, packet.Header))
        {
            datagram.Spoil();
            _counters.Drop(DropReason.FragmentLimit);
            return null;
        }

        if (!datagram.IsComplete)
        {
            return null;
        }

        if (datagram.Payload.Length + datagram.Header.Length > Ipv4Packet.MaximumLength)
        {
            datagram.Spoil();
            _counters.Drop(DropReason.FragmentMalformed);
            return null;
        }

        _counters.DatagramsReassembled++;
        return datagram;
    }

    /// <summary>Forgets the datagrams whose time is over.</summary>
    public void Poll(Instant now, IReassemblyTimeouts timeouts)
    {
        if (now < NextDeadline)
        {
            return;
        }

        NextDeadline = Instant.Never;
        foreach (Ipv4Reassembly datagram in _datagrams)
        {
            if (!datagram.IsInUse)
            {
                continue;
            }

            if (datagram.Deadline > now)
            {
                NextDeadline = Earlier(NextDeadline, datagram.Deadline);
                continue;
            }

            if (!datagram.IsSpoilt)
            {
                _counters.Drop(DropReason.FragmentTimeout);
                if (datagram.HasFirst)
                {
                    timeouts.OnReassemblyTimeout(
                        now,
                        new IpDelivery
                        {
                            Source = datagram.Source,
                            Destination = datagram.Destination,
                            Header = datagram.Header,
                            Payload = datagram.Payload,
                            IsBroadcast = datagram.IsBroadcast,
                        }
                    );
                }
            }

            datagram.Release();
        }
    }

    private static Instant Earlier(Instant a, Instant b) => a < b ? a : b;

    private static Ipv4Reassembly Older(Ipv4Reassembly? a, Ipv4Reassembly b) =>
        a is null || b.Deadline < a.Deadline ? b : a;

    private Ipv4Reassembly FindOrBegin(Instant now, in Ipv4Packet packet, bool isBroadcast)
    {
        Ipv4Reassembly? free = null;
        Ipv4Reassembly? oldest = null;
        Ipv4Reassembly? oldestOfSource = null;
        int ofSource = 0;
        IpAddress source = packet.Source;
        foreach (Ipv4Reassembly datagram in _datagrams)
        {
            if (datagram.Matches(packet))
            {
                return datagram;
            }

            if (!datagram.IsInUse)
            {
                free ??= datagram;
                continue;
            }

            oldest = Older(oldest, datagram);
            if (datagram.Source == source)
            {
                oldestOfSource = Older(oldestOfSource, datagram);
                ofSource++;
            }
        }

        if (ofSource >= _limits.DatagramsPerSource)
        {
            free = oldestOfSource!;
            PushOut(free);
        }
        else if (free is null)
        {
            free = oldest!;
            PushOut(free);
        }

        free.Begin(packet, isBroadcast, now + _limits.Timeout);
        NextDeadline = Earlier(NextDeadline, free.Deadline);
        return free;
    }

    private void MakeRoom(Ipv4Reassembly growing, int growth)
    {
        while (growth > 0 && Bytes + growth > _limits.Bytes)
        {
            Ipv4Reassembly? oldest = null;
            foreach (Ipv4Reassembly datagram in _datagrams)
            {
                if (datagram != growing && datagram.BufferLength > 0)
                {
                    oldest = Older(oldest, datagram);
                }
            }

            if (oldest is null)
            {
                return;
            }

            PushOut(oldest);
        }
    }

    private void PushOut(Ipv4Reassembly datagram)
    {
        if (!datagram.IsSpoilt)
        {
            _counters.Drop(DropReason.FragmentLimit);
        }

        datagram.Release();
    }
}
