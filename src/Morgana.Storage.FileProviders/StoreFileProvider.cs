using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace Morgana.Storage.FileProviders;

/// <summary>
/// A store as files. The interface waits for nothing, and neither need a store of an image: its disk answers at once. Elsewhere the calls block.
/// </summary>
public sealed class StoreFileProvider : IFileProvider, IDisposable
{
    private readonly IReadOnlyStore _store;
    private readonly Lock _gate = new();
    private readonly Dictionary<
        string,
        (FilePattern Pattern, CancellationTokenSource Source)
    > _watched = new(StringComparer.Ordinal);

    /// <summary>The files of a store; one that can be changed is listened to until this is disposed of.</summary>
    public StoreFileProvider(IReadOnlyStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        _store = store;
        if (store is IStore changing)
        {
            changing.Changed += OnChanged;
        }
    }

    /// <summary>The most different filters that are watched at once; those beyond never tell of a change.</summary>
    public static int MostWatched => 10_000;

    /// <inheritdoc/>
    public IFileInfo GetFileInfo(string subpath)
    {
        string key = subpath ?? "";
        return Finished(_store.FindAsync(key)) is { Kind: StoreItemKind.Value } item
            ? new StoreFileInfo(_store, key, item)
            : new NotFoundFileInfo(key[(key.LastIndexOf('/') + 1)..]);
    }

    /// <inheritdoc/>
    public IDirectoryContents GetDirectoryContents(string subpath)
    {
        string key = (subpath ?? "").Trim('/');
        try
        {
            return new StoreDirectory([
                .. Finished(_store.ListAsync(key))
                    .Select(item => new StoreFileInfo(
                        _store,
                        key.Length == 0 ? item.Name : $"{key}/{item.Name}",
                        item
                    )),
            ]);
        }
        catch (StoreKeyNotFoundException)
        {
            return NotFoundDirectoryContents.Singleton;
        }
    }

    /// <summary>
    /// A token that tells once, when a file that the filter fits is set or deleted. In filters <c>*</c> is anything within a part of the path, and
    /// <c>**</c> any parts. A store that does not change never tells.
    /// </summary>
    /// <param name="filter">A path, or a pattern, as in <c>css/**/*.css</c>.</param>
    public IChangeToken Watch(string filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        if (_store is not IStore)
        {
            return NullChangeToken.Singleton;
        }

        lock (_gate)
        {
            if (!_watched.TryGetValue(filter, out var watched))
            {
                if (_watched.Count >= MostWatched)
                {
                    return NullChangeToken.Singleton;
                }

                watched = (new FilePattern(filter), new CancellationTokenSource());
                _watched.Add(filter, watched);
            }

            return new CancellationChangeToken(watched.Source.Token);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_store is IStore changing)
        {
            changing.Changed -= OnChanged;
        }

        lock (_gate)
        {
            foreach ((FilePattern _, CancellationTokenSource source) in _watched.Values)
            {
                source.Dispose();
            }

            _watched.Clear();
        }
    }

    /// <summary>The result, for which there is nothing to wait in an image.</summary>
    internal static T Finished<T>(ValueTask<T> task) =>
        task.IsCompleted ? task.GetAwaiter().GetResult() : task.AsTask().GetAwaiter().GetResult();

    private void OnChanged(object? sender, StoreChangedEventArgs change)
    {
        List<CancellationTokenSource> told = [];
        lock (_gate)
        {
            foreach (
                (string filter, (FilePattern pattern, CancellationTokenSource source)) in _watched
            )
            {
                if (change.Keys.Any(pattern.Fits))
                {
                    told.Add(source);
                    _ = _watched.Remove(filter);
                }
            }
        }

        // Outside of the lock: who is told watches again at once.
        foreach (CancellationTokenSource source in told)
        {
            source.Cancel();
            source.Dispose();
        }
    }
}
