namespace Morgana.Net;

/// <summary>
/// A fixed number of buffers for frames that wait for a hardware address, linked into one list a neighbour. Buffers are made when
/// first needed and then used again.
/// </summary>
internal sealed class ArpPendingFrames
{
    private readonly int _frameSize;
    private readonly byte[]?[] _buffers;
    private readonly int[] _lengths;
    private readonly int[] _next;
    private int _free;

    public ArpPendingFrames(int capacity, int frameSize)
    {
        _frameSize = frameSize;
        _buffers = new byte[capacity][];
        _lengths = new int[capacity];
        _next = new int[capacity];
        for (int i = 0; i < capacity; i++)
        {
            _next[i] = i + 1 < capacity ? i + 1 : -1;
        }

        _free = capacity > 0 ? 0 : -1;
    }

    /// <summary>Frames stored now.</summary>
    public int Count { get; private set; }

    /// <summary>Copies a frame; the answer is its index, or -1 when every buffer is taken.</summary>
    public int Store(ReadOnlySpan<byte> frame)
    {
        int index = _free;
        if (index < 0 || frame.Length > _frameSize)
        {
            return -1;
        }

        _free = _next[index];
        _next[index] = -1;
        frame.CopyTo(_buffers[index] ??= new byte[_frameSize]);
        _lengths[index] = frame.Length;
        Count++;
        return index;
    }

    public Span<byte> this[int index] => _buffers[index].AsSpan(0, _lengths[index]);

    public int NextOf(int index) => _next[index];

    public void Link(int index, int next) => _next[index] = next;

    public void Release(int index)
    {
        _next[index] = _free;
        _free = index;
        Count--;
    }
}
