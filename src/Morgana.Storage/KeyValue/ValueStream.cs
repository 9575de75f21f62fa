using System.Buffers;

namespace Morgana.Storage;

/// <summary>A value as a stream that can be read and sought. Small reads share one read of the disk.</summary>
internal sealed class ValueStream(IValueSource source) : Stream
{
    private const int BufferSize = 64 * 1024;

    private IValueSource? _source = source;
    private byte[]? _buffer;
    private long _bufferedAt;
    private int _buffered;
    private long _position;

    /// <summary>Whoever forgets a stream shall not hold up room for ever.</summary>
    ~ValueStream() => Dispose(disposing: false);

    public override bool CanRead => _source is not null;

    public override bool CanSeek => _source is not null;

    public override bool CanWrite => false;

    public override long Length => Source.Length;

    public override long Position
    {
        get
        {
            _ = Source;
            return _position;
        }
        set
        {
            _ = Source;
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    private IValueSource Source
    {
        get
        {
            ObjectDisposedException.ThrowIf(_source is null, this);
            return _source;
        }
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        long begin = origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => Length,
        };
        return offset >= -begin && offset <= long.MaxValue - begin
            ? Position = begin + offset
            : throw new IOException("The place lies before the beginning of the value.");
    }

    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        IValueSource from = Source;
        if (_position >= from.Length || buffer.Length == 0)
        {
            return 0;
        }

        int count;
        if (_position >= _bufferedAt && _position < _bufferedAt + _buffered)
        {
            count = FromBuffer(buffer.Span);
        }
        else if (buffer.Length >= BufferSize || buffer.Length >= from.Length - _position)
        {
            count = await from.ReadAsync(_position, buffer, cancellationToken)
                .ConfigureAwait(false);
        }
        else
        {
            byte[] room = _buffer ??= ArrayPool<byte>.Shared.Rent(BufferSize);
            _buffered = 0;
            int read = await from.ReadAsync(_position, room, cancellationToken)
                .ConfigureAwait(false);
            (_bufferedAt, _buffered) = (_position, read);
            count = FromBuffer(buffer.Span);
        }

        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(
        byte[] buffer,
        int offset,
        int count,
        CancellationToken cancellationToken
    ) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>In an image a disk answers at once, and this does not wait; elsewhere it blocks.</summary>
    public override int Read(byte[] buffer, int offset, int count)
    {
        ValueTask<int> read = ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None);
        return read.IsCompleted ? read.Result : read.AsTask().GetAwaiter().GetResult();
    }

    public override void Flush() { }

    public override void SetLength(long value) =>
        throw new NotSupportedException("A value is set as a whole.");

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("A value is set as a whole.");

    protected override void Dispose(bool disposing)
    {
        Interlocked.Exchange(ref _source, null)?.Release();
        if (disposing && _buffer is { } buffer)
        {
            _buffer = null;
            _buffered = 0;
            ArrayPool<byte>.Shared.Return(buffer);
        }

        base.Dispose(disposing);
    }

    private int FromBuffer(Span<byte> destination)
    {
        ReadOnlySpan<byte> rest = _buffer.AsSpan(0, _buffered)[(int)(_position - _bufferedAt)..];
        rest = rest[..Math.Min(rest.Length, destination.Length)];
        rest.CopyTo(destination);
        return rest.Length;
    }
}
