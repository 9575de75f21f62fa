using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>The open questions by their deadlines: a binary heap out of which any can be taken, so that nothing stays behind.</summary>
internal sealed class DeadlineHeap
{
    private readonly List<UpstreamQuery> _heap = [];

    public int Count => _heap.Count;

    public UpstreamQuery? First => _heap.Count == 0 ? null : _heap[0];

    public Instant Next => _heap.Count == 0 ? Instant.Never : _heap[0].Deadline;

    public void Add(UpstreamQuery query)
    {
        query.HeapIndex = _heap.Count;
        _heap.Add(query);
        Up(query.HeapIndex);
    }

    public void Remove(UpstreamQuery query)
    {
        int index = query.HeapIndex;
        if (index < 0)
        {
            return;
        }

        query.HeapIndex = -1;
        UpstreamQuery last = _heap[^1];
        _heap.RemoveAt(_heap.Count - 1);
        if (last != query)
        {
            Set(index, last);
            Up(index);
            Down(last.HeapIndex);
        }
    }

    private void Up(int index)
    {
        while (index > 0 && _heap[index].Deadline < _heap[(index - 1) / 2].Deadline)
        {
            Swap(index, (index - 1) / 2);
            index = (index - 1) / 2;
        }
    }

    private void Down(int index)
    {
        while (true)
        {
            int least = index;
            for (int child = 2 * index + 1; child <= 2 * index + 2; child++)
            {
                if (child < _heap.Count && _heap[child].Deadline < _heap[least].Deadline)
                {
                    least = child;
                }
            }

            if (least == index)
            {
                return;
            }

            Swap(index, least);
            index = least;
        }
    }

    private void Swap(int a, int b)
    {
        UpstreamQuery held = _heap[a];
        Set(a, _heap[b]);
        Set(b, held);
    }

    private void Set(int index, UpstreamQuery query)
    {
        _heap[index] = query;
        query.HeapIndex = index;
    }
}
