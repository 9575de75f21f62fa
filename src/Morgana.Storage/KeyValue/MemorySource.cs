namespace Morgana.Storage;

/// <summary>A value in memory.</summary>
internal sealed class MemorySource(ReadOnlyMemory<byte> value) : IValueSource
{
    public long Length => value.Length;

    public ValueTask<int> ReadAsync(
        long offset,
        Memory<byte> destination,
        CancellationToken cancellation
    )
    {
        ReadOnlySpan<byte> part = offset >= value.Length ? [] : value.Span[(int)offset..];
        part = part[..Math.Min(part.Length, destination.Length)];
        part.CopyTo(destination.Span);
        return new(part.Length);
    }

    public void Release() { }
}
