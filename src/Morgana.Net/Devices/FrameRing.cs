namespace Morgana.Net;

/// <summary>A bounded queue of frames in buffers that are used again and again.</summary>
internal sealed class FrameRing(int capacity, int frameSize)
{
    private readonly byte[]?[] _frames = new byte[capacity][];
    private readonly int[] _lengths = new int[capacity];
    private int _first;

    public int Count { get; private set; }

    public bool TryPut(ReadOnlySpan<byte> frame)
    {
        if (Count == capacity || frame.Length > frameSize)
        {
            return false;
        }

        int index = (_first + Count) % capacity;
        frame.CopyTo(_frames[index] ??= new byte[frameSize]);
        _lengths[index] = frame.Length;
        Count++;
        return true;
    }

    public bool TryTake(Span<byte> buffer, out int length)
    {
        length = 0;
        if (Count == 0)
        {
            return false;
        }

        length = _lengths[_first];
        _frames[_first].AsSpan(0, length).CopyTo(buffer);
        _first = (_first + 1) % capacity;
        Count--;
        return true;
    }
}
