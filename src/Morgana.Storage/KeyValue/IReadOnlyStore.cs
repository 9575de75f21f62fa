namespace Morgana.Storage;

/// <summary>
/// Values under keys that are paths: parts with '/' between, as in <c>css/site.css</c>; the empty key is the root. A slash at either end and empty
/// parts do not count. Case does. What Mirage calls <c>KV_RO</c>.
/// </summary>
public interface IReadOnlyStore
{
    /// <summary>What a key names; null when it names nothing.</summary>
    ValueTask<StoreItem?> FindAsync(string key, CancellationToken cancellation = default);

    /// <summary>The whole value. It stays as it is as long as the store is there.</summary>
    /// <exception cref="StoreKeyNotFoundException">There is no value under that key; a folder is none.</exception>
    ValueTask<ReadOnlyMemory<byte>> ReadAsync(string key, CancellationToken cancellation = default);

    /// <summary>A part of a value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="offset">Where it begins, from 0; at or after the end nothing is read.</param>
    /// <param name="destination">Where it goes; as many bytes are read as fit and are there.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>How many bytes were read.</returns>
    /// <exception cref="StoreKeyNotFoundException">There is no value under that key.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="offset"/> is negative.</exception>
    ValueTask<int> ReadAsync(
        string key,
        long offset,
        Memory<byte> destination,
        CancellationToken cancellation = default
    );

    /// <summary>The value as a stream that can be read and sought; it stays as it is now, whatever happens to the key. Dispose of it.</summary>
    /// <exception cref="StoreKeyNotFoundException">There is no value under that key.</exception>
    ValueTask<Stream> OpenReadAsync(string key, CancellationToken cancellation = default);

    /// <summary>SHA-256 of the value: fit to be an entity tag.</summary>
    /// <exception cref="StoreKeyNotFoundException">There is no value under that key.</exception>
    ValueTask<ReadOnlyMemory<byte>> DigestAsync(
        string key,
        CancellationToken cancellation = default
    );

    /// <summary>What is directly in a folder, in the order of the names' UTF-8.</summary>
    /// <exception cref="StoreKeyNotFoundException">There is no such folder. The root is always there.</exception>
    ValueTask<IReadOnlyList<StoreItem>> ListAsync(
        string folder,
        CancellationToken cancellation = default
    );
}
