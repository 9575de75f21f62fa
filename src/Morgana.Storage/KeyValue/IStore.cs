namespace Morgana.Storage;

/// <summary>A store that can be changed. What Mirage calls <c>KV_RW</c>.</summary>
public interface IStore : IReadOnlyStore
{
    /// <summary>Told after each batch that was committed, on the thread that committed it.</summary>
    event EventHandler<StoreChangedEventArgs>? Changed;

    /// <summary>How full it is.</summary>
    StoreUsage Usage { get; }

    /// <summary>Puts a value under a key, in place of any that was there. When the task ends, it is on the disk.</summary>
    /// <exception cref="ArgumentException">The key is empty, too long, or no text.</exception>
    /// <exception cref="StoreFullException">There is no room; nothing has changed.</exception>
    ValueTask SetAsync(
        string key,
        ReadOnlyMemory<byte> value,
        CancellationToken cancellation = default
    );

    /// <summary>Puts what a stream holds from its position to its end under a key.</summary>
    /// <exception cref="ArgumentException">The key is empty, too long, or no text.</exception>
    /// <exception cref="StoreFullException">There is no room; nothing has changed.</exception>
    ValueTask SetAsync(string key, Stream value, CancellationToken cancellation = default);

    /// <summary>Takes a value away.</summary>
    /// <returns>False when there was none.</returns>
    ValueTask<bool> DeleteAsync(string key, CancellationToken cancellation = default);

    /// <summary>
    /// Begins changes that are seen all together or not at all, whatever happens. There is one batch at a time: others wait. Reading goes on
    /// meanwhile, and sees nothing of it until it is committed.
    /// </summary>
    ValueTask<IStoreBatch> BeginAsync(CancellationToken cancellation = default);
}
