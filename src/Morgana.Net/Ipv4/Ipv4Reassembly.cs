using System.Buffers;
using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>One datagram being put together: the pieces are written where they belong, and a sorted list says what is there.</summary>
internal sealed class Ipv4Reassembly(int maximumRanges)
{
    private readonly (int Start, int End)[] _ranges = new (int, int)[maximumRanges];
    private readonly byte[] _header = new byte[Ipv4Packet.MaximumHeaderLength];
    private byte[] _buffer = [];
    private int _rangeCount;
    private int _headerLength;
    private int _totalLength;

    public bool IsInUse { get; private set; }

    /// <summary>Two fragments contradicted each other: what comes is swallowed until the time is over.</summary>
    public bool IsSpoilt { get; private set; }

    public IpAddress Source { get; private set; }

    public IpAddress Destination { get; private set; }

    public IpProtocol Protocol { get; private set; }

    public ushort Identification { get; private set; }

    public Instant Deadline { get; private set; }

    public bool IsBroadcast { get; private set; }

    public int Fragments { get; set; }

    public int BufferLength => _buffer.Length;

    /// <summary>True once the first fragment, with the header that an ICMP error quotes, has been seen.</summary>
    public bool HasFirst => _headerLength > 0;

    /// <summary>The first fragment's header.</summary>
    public ReadOnlySpan<byte> Header => _header.AsSpan(0, _headerLength);

    /// <summary>What there is from the start of the payload on without a gap.</summary>
    public ReadOnlySpan<byte> Payload =>
        _rangeCount > 0 && _ranges[0].Start == 0 ? _buffer.AsSpan(0, _ranges[0].End) : default;

    public bool IsComplete =>
        _totalLength >= 0 && _rangeCount == 1 && _ranges[0] == (0, _totalLength);

    public bool Matches(in Ipv4Packet packet) =>
        IsInUse
        && Identification == packet.Identification
        && Protocol == packet.Protocol
        && Source == packet.Source
        && Destination == packet.Destination;

    public void Begin(in Ipv4Packet packet, bool isBroadcast, Instant deadline)
    {
        IsInUse = true;
        IsSpoilt = false;
        Source = packet.Source;
        Destination = packet.Destination;
        Protocol = packet.Protocol;
        Identification = packet.Identification;
        IsBroadcast = isBroadcast;
        Deadline = deadline;
        Fragments = 0;
        _rangeCount = 0;
        _headerLength = 0;
        _totalLength = -1;
    }

    /// <summary>True when a piece agrees with what is known of the datagram's length.</summary>
    public bool AgreesOnLength(int end, bool isLast) =>
        isLast
            ? (_totalLength < 0 || _totalLength == end)
                && (_rangeCount == 0 || _ranges[_rangeCount - 1].End <= end)
            : _totalLength < 0 || end <= _totalLength;

    /// <summary>How a piece relates to what is there.</summary>
    public Ipv4Overlap FindOverlap(int start, ReadOnlySpan<byte> piece)
    {
        int end = start + piece.Length;
        foreach ((int rangeStart, int rangeEnd) in _ranges.AsSpan(0, _rangeCount))
        {
            if (start < rangeEnd && end > rangeStart)
            {
                return
                    start >= rangeStart
                    && end <= rangeEnd
                    && _buffer.AsSpan(start, piece.Length).SequenceEqual(piece)
                    ? Ipv4Overlap.Repetition
                    : Ipv4Overlap.Contradiction;
            }
        }

        return Ipv4Overlap.None;
    }

    /// <summary>Bytes by which the buffer grows to hold a payload up to <paramref name="end"/>.</summary>
    public int GrowthFor(int end) => end <= _buffer.Length ? 0 : SizeFor(end) - _buffer.Length;

    /// <summary>Writes a piece that overlaps nothing.</summary>
    /// <returns>False when there would be too many gaps.</returns>
    public bool TryInsert(
        int start,
        ReadOnlySpan<byte> piece,
        bool isLast,
        ReadOnlySpan<byte> header
    )
    {
        int end = start + piece.Length;
        int at = 0;
        while (at < _rangeCount && _ranges[at].End < start)
        {
            at++;
        }

        bool joinsLeft = at < _rangeCount && _ranges[at].End == start;
        int right = joinsLeft ? at + 1 : at;
        bool joinsRight = right < _rangeCount && _ranges[right].Start == end;
        if (!joinsLeft && !joinsRight && _rangeCount == _ranges.Length)
        {
            return false;
        }

        if (joinsLeft && joinsRight)
        {
            _ranges[at].End = _ranges[right].End;
            _ranges.AsSpan((right + 1)..(_rangeCount)).CopyTo(_ranges.AsSpan(right));
            _rangeCount--;
        }
        else if (joinsLeft)
        {
            _ranges[at].End = end;
        }
        else if (joinsRight)
        {
            _ranges[right].Start = start;
        }
        else
        {
            _ranges.AsSpan(at.._rangeCount).CopyTo(_ranges.AsSpan(at + 1));
            _ranges[at] = (start, end);
            _rangeCount++;
        }

        Grow(end);
        piece.CopyTo(_buffer.AsSpan(start));
        if (isLast)
        {
            _totalLength = end;
        }

        if (start == 0)
        {
            header.CopyTo(_header);
            _headerLength = header.Length;
        }

        return true;
    }

    /// <summary>Gives the memory back, and remembers that nothing more of this datagram is wanted.</summary>
    public void Spoil()
    {
        IsSpoilt = true;
        ReturnBuffer();
    }

    /// <summary>Gives the memory back; the datagram is forgotten.</summary>
    public void Release()
    {
        IsInUse = false;
        ReturnBuffer();
    }

    private static int SizeFor(int end) =>
        Math.Max(2048, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)end));

    private void Grow(int end)
    {
        if (end <= _buffer.Length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(SizeFor(end));
        _buffer.CopyTo(larger, 0);
        ReturnBuffer();
        _buffer = larger;
    }

    private void ReturnBuffer()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }
}
