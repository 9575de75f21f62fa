using Morgana.Runtime;

namespace Morgana.Storage.Tests;

/// <summary>A disk that remembers every sector that was written and every flush, so that a test can make what a crash would have left.</summary>
internal sealed class RecordingDevice(byte[] content, int blockSize = 512) : IBlockDevice
{
    public const int Sector = 512;
    private readonly byte[] _begin = [.. content];

    public string Name => "disk";

    public int BlockSize => blockSize;

    public long Capacity => content.Length;

    public bool IsReadOnly => false;

    /// <summary>What happened: a sector and its new content, or a flush (no content).</summary>
    public List<(long Offset, byte[]? Content)> Log { get; } = [];

    /// <summary>Called before each write and flush; may throw.</summary>
    public Action? Before { get; set; }

    public ValueTask ReadAsync(
        long offset,
        Memory<byte> destination,
        CancellationToken cancellation = default
    )
    {
        BlockRange.Check(this, offset, destination.Length);
        content.AsSpan((int)offset, destination.Length).CopyTo(destination.Span);
        return default;
    }

    public ValueTask WriteAsync(
        long offset,
        ReadOnlyMemory<byte> source,
        CancellationToken cancellation = default
    )
    {
        BlockRange.Check(this, offset, source.Length);
        Before?.Invoke();
        source.Span.CopyTo(content.AsSpan((int)offset));
        for (int at = 0; at < source.Length; at += Sector)
        {
            Log.Add((offset + at, source.Slice(at, Sector).ToArray()));
        }

        return default;
    }

    public ValueTask FlushAsync(CancellationToken cancellation = default)
    {
        Before?.Invoke();
        Log.Add((0, null));
        return default;
    }

    /// <summary>
    /// The disk after a crash when so many things had happened: all that was flushed, and of the sectors since then those that
    /// <paramref name="isThere"/> says, in any order. The sector that was being written may hold half of it.
    /// </summary>
    public byte[] CrashAt(int count, Func<int, bool> isThere, bool tearsLast)
    {
        byte[] disk = [.. _begin];
        int flushed = Log.FindLastIndex(Math.Max(count - 1, 0), count, e => e.Content is null) + 1;
        for (int i = 0; i < count; i++)
        {
            if (Log[i].Content is { } sector && (i < flushed || isThere(i)))
            {
                sector.CopyTo(disk, Log[i].Offset);
            }
        }

        if (tearsLast && count < Log.Count && Log[count].Content is { } torn)
        {
            torn.AsSpan(0, Sector / 2).CopyTo(disk.AsSpan((int)Log[count].Offset));
        }

        return disk;
    }
}
