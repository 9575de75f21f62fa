using System.Diagnostics.CodeAnalysis;

namespace Morgana.Cli.Run.Publishing;

/// <summary>
/// Remembers UDP flows by key, at most <c>capacity</c> of them and none longer than <c>idle</c> after its last packet.
/// When it is full the flow that was silent longest makes room: a flood of new clients can slow others down, but never
/// takes unbounded memory or descriptors. No I/O, no clock and no lock of its own; every call is O(1) but for the
/// flows that it hands back.
/// </summary>
/// <remarks><c>now</c> may be any monotonic time; the caller closes what <c>removed</c> receives.</remarks>
internal sealed class FlowTable<TKey, TFlow>(
    int capacity,
    TimeSpan idle,
    IEqualityComparer<TKey>? comparer = null
)
    where TKey : notnull
    where TFlow : class
{
    private readonly Dictionary<TKey, LinkedListNode<Entry>> entries = new(comparer);

    // In order of use: the flow that was silent longest stands first.
    private readonly LinkedList<Entry> order = new();

    /// <summary>How many flows there are.</summary>
    public int Count => entries.Count;

    /// <summary>Finds a flow and notes that it was used.</summary>
    public bool TryUse(TKey key, TimeSpan now, [NotNullWhen(true)] out TFlow? flow)
    {
        if (!entries.TryGetValue(key, out LinkedListNode<Entry>? node))
        {
            flow = null;
            return false;
        }

        node.Value = node.Value with { LastUse = now };
        order.Remove(node);
        order.AddLast(node);
        flow = node.Value.Flow;
        return true;
    }

    /// <summary>Adds a flow that is not there yet. Flows that must make room are handed back.</summary>
    public void Add(TKey key, TFlow flow, TimeSpan now, ICollection<TFlow> removed)
    {
        Expire(now, removed);
        LinkedListNode<Entry> node = new(new Entry(key, flow, now));
        entries.Add(key, node);
        order.AddLast(node);
        while (entries.Count > capacity)
        {
            RemoveFirst(removed);
        }
    }

    /// <summary>Takes out the flow of <paramref name="key"/> if it is still <paramref name="flow"/>.</summary>
    public bool Remove(TKey key, TFlow flow)
    {
        if (
            !entries.TryGetValue(key, out LinkedListNode<Entry>? node)
            || !ReferenceEquals(node.Value.Flow, flow)
        )
        {
            return false;
        }

        entries.Remove(key);
        order.Remove(node);
        return true;
    }

    /// <summary>Takes out every flow that has been silent for the idle time or longer.</summary>
    public void Expire(TimeSpan now, ICollection<TFlow> removed)
    {
        while (order.First is { } first && now - first.Value.LastUse >= idle)
        {
            RemoveFirst(removed);
        }
    }

    /// <summary>Takes out every flow.</summary>
    public void Clear(ICollection<TFlow> removed)
    {
        while (order.First is not null)
        {
            RemoveFirst(removed);
        }
    }

    private void RemoveFirst(ICollection<TFlow> removed)
    {
        Entry entry = order.First!.Value;
        order.RemoveFirst();
        entries.Remove(entry.Key);
        removed.Add(entry.Flow);
    }

    private readonly record struct Entry(TKey Key, TFlow Flow, TimeSpan LastUse);
}
