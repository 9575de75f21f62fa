namespace Morgana.Storage;

/// <summary>A value that a stream reads, as it was when the stream was opened.</summary>
internal interface IValueSource
{
    /// <summary>Its bytes.</summary>
    long Length { get; }

    /// <summary>Reads a part: as many bytes as fit and are there.</summary>
    ValueTask<int> ReadAsync(long offset, Memory<byte> destination, CancellationToken cancellation);

    /// <summary>The stream is done; may be called on any thread, once.</summary>
    void Release();
}
