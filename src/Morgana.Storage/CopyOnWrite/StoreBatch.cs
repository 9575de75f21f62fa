using System.Text;

namespace Morgana.Storage.CopyOnWrite;

/// <summary>The one batch that is being made: values are on the disk already, where nothing speaks of them yet.</summary>
internal sealed class StoreBatch : IStoreBatch
{
    private static readonly Comparer<byte[]> Order = Comparer<byte[]>.Create(
        static (one, other) => one.AsSpan().SequenceCompareTo(other)
    );

    private readonly KeyValueStore _store;
    private readonly Superblock _last;
    private readonly ValueReader _values;
    private readonly SortedDictionary<byte[], ValueEntry?> _changes = new(Order);

    /// <summary>Values that were set in this batch and deleted in it again.</summary>
    private readonly List<ValueEntry> _superseded = [];
    private bool _over;

    public StoreBatch(KeyValueStore store)
    {
        _store = store;
        _last = store.Space.Current;
        _values = new ValueReader(store.Pages);
    }

    public ValueTask SetAsync(
        string key,
        ReadOnlyMemory<byte> value,
        CancellationToken cancellation = default
    ) =>
        SetAsync(
            key,
            (destination, _) =>
            {
                int count = Math.Min(destination.Length, value.Length);
                value[..count].CopyTo(destination);
                value = value[count..];
                return new ValueTask<int>(count);
            },
            cancellation
        );

    public ValueTask SetAsync(string key, Stream value, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(value);
        return SetAsync(key, value.ReadAsync, cancellation);
    }

    public void Delete(string key)
    {
        byte[] bytes = Check(key);
        if (_changes.TryGetValue(bytes, out ValueEntry? before) && before is not null)
        {
            // To find its units may take reading a map: that waits for the commit.
            _superseded.Add(before.Value);
        }

        _changes[bytes] = null;
    }

    public async ValueTask CommitAsync(CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_over, this);
        if (_changes.Count > 0)
        {
            Mutation[] mutations =
            [
                .. _changes.Select(change => new Mutation(change.Key, change.Value)),
            ];
            bool onlyDeletes = _changes.Values.All(entry => entry is null);
            try
            {
                foreach (ValueEntry entry in _superseded)
                {
                    await ForgetAsync(entry, cancellation).ConfigureAwait(false);
                }

                Superblock next = await new TreeWriter(
                    _store.Pages,
                    _store.Space,
                    _last.Generation + 1,
                    onlyDeletes ? 0 : Geometry.Reserve
                )
                    .ApplyAsync(_last, mutations, cancellation)
                    .ConfigureAwait(false);
                await _store.PublishAsync(next).ConfigureAwait(false);
            }
            catch (StoreFailedException)
            {
                // Nothing may be given back: the disk may hold either state.
                _over = true;
                _store.EndBatch();
                throw;
            }
            catch
            {
                End();
                throw;
            }
        }

        _over = true;
        _store.EndBatch();
        if (_changes.Count > 0)
        {
            _store.Tell([.. _changes.Keys.Select(Encoding.UTF8.GetString)]);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (!_over)
        {
            End();
        }

        return default;
    }

    private async ValueTask SetAsync(
        string key,
        Func<Memory<byte>, CancellationToken, ValueTask<int>> read,
        CancellationToken cancellation
    )
    {
        byte[] bytes = Check(key);
        ValueEntry entry = await new ValueWriter(
            _store.Pages,
            _store.Space,
            _last.Generation + 1,
            _store.Options.MostValueBytes
        )
            .WriteAsync(bytes, _store.Now, read, cancellation)
            .ConfigureAwait(false);
        if (_changes.TryGetValue(bytes, out ValueEntry? before) && before is not null)
        {
            await ForgetAsync(before.Value, cancellation).ConfigureAwait(false);
        }

        _changes[bytes] = entry;
    }

    private async ValueTask ForgetAsync(ValueEntry entry, CancellationToken cancellation)
    {
        if (!entry.IsInline)
        {
            await _values
                .VisitAsync(entry.Extent, entry.Height, _store.Space.Drop, cancellation)
                .ConfigureAwait(false);
        }
    }

    private byte[] Check(string key)
    {
        ObjectDisposedException.ThrowIf(_over, this);
        byte[] bytes = StoreKey.ForValue(key, _store.MostKeyBytes);
        return _changes.Count < _store.Options.MostChanges || _changes.ContainsKey(bytes)
            ? bytes
            : throw new InvalidOperationException(
                $"A batch has at most {_store.Options.MostChanges} changes: commit it and begin another."
            );
    }

    private void End()
    {
        _over = true;
        _store.Space.RollBack();
        _store.EndBatch();
    }
}
