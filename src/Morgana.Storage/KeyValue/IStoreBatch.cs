namespace Morgana.Storage;

/// <summary>Changes of a store that happen together. A batch that is disposed of before it was committed has never been.</summary>
public interface IStoreBatch : IAsyncDisposable
{
    /// <summary>Puts a value under a key when the batch is committed; its bytes are written at once.</summary>
    /// <exception cref="ArgumentException">The key is empty, too long, or no text.</exception>
    /// <exception cref="StoreFullException">There is no room; the batch is as it was before the call.</exception>
    ValueTask SetAsync(
        string key,
        ReadOnlyMemory<byte> value,
        CancellationToken cancellation = default
    );

    /// <summary>Puts what a stream holds from its position to its end under a key when the batch is committed.</summary>
    /// <exception cref="ArgumentException">The key is empty, too long, or no text.</exception>
    /// <exception cref="StoreFullException">There is no room; the batch is as it was before the call.</exception>
    ValueTask SetAsync(string key, Stream value, CancellationToken cancellation = default);

    /// <summary>Takes the value under a key away when the batch is committed, if there is one then.</summary>
    /// <exception cref="ArgumentException">The key is empty, too long, or no text.</exception>
    void Delete(string key);

    /// <summary>Makes the changes. When the task ends, they are on the disk; the batch is over.</summary>
    /// <exception cref="StoreFullException">There is no room for what finds the values; nothing has changed.</exception>
    /// <exception cref="StoreFailedException">The disk failed in the middle of it: the store must be opened again.</exception>
    ValueTask CommitAsync(CancellationToken cancellation = default);
}
