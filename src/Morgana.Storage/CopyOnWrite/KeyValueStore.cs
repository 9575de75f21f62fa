using System.Text;
using Morgana.Runtime;
using Morgana.Storage.CopyOnWrite;

namespace Morgana.Storage;

/// <summary>
/// A store on a disk that can be changed. A change writes new pages into free units and then, when they are there for good, one superblock that names
/// them: a crash at any moment leaves the state before or the state after, never one between. The format and the faults that it withstands are in docs/storage.md.
/// It may be used by several threads.
/// </summary>
#pragma warning disable CA1001 // The semaphore has no handle of the system: nobody asks for its WaitHandle.
public sealed class KeyValueStore : IStore
#pragma warning restore CA1001
{
    private readonly PageStore _pages;
    private readonly ValueReader _values;
    private readonly FreeSpace _space;
    private readonly TimeProvider _clock;
    private readonly KeyValueStoreOptions _options;
    private readonly SemaphoreSlim _writer = new(1, 1);
    private Exception? _failure;

    private KeyValueStore(
        PageStore pages,
        FreeSpace space,
        TimeProvider clock,
        KeyValueStoreOptions options
    )
    {
        _pages = pages;
        _space = space;
        _clock = clock;
        _options = options;
        _values = new ValueReader(pages);
    }

    /// <inheritdoc/>
    public event EventHandler<StoreChangedEventArgs>? Changed;

    /// <inheritdoc/>
    public StoreUsage Usage
    {
        get
        {
            Superblock state = _space.Current;
            Geometry geometry = state.Geometry;
            long units = geometry.UnitCount - geometry.FirstUnit - Geometry.Reserve;
            return new StoreUsage(
                state.Keys,
                state.ValueBytes,
                units * geometry.UnitSize,
                Math.Max(0, _space.Free - Geometry.Reserve) * geometry.UnitSize,
                (long)state.Generation
            );
        }
    }

    /// <summary>The longest key, in bytes of UTF-8.</summary>
    public int MostKeyBytes => _pages.Geometry.MostKeyBytes;

    internal PageStore Pages => _pages;

    internal FreeSpace Space => _space;

    internal KeyValueStoreOptions Options => _options;

    internal DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Opens the store of a disk, as the device of config.cs does. It reads all pages of the tree once.</summary>
    /// <param name="device">The disk.</param>
    /// <param name="clock">What says when a value was changed; null: the system's.</param>
    /// <param name="options">Limits; null: the usual.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="HostException">There is no store on the disk, or it is damaged: the message is for whoever started the program.</exception>
    public static async ValueTask<KeyValueStore> OpenAsync(
        IBlockDevice device,
        TimeProvider? clock = null,
        KeyValueStoreOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        try
        {
            return await MountAsync(device, clock, options, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StoreCorruptException or BlockDeviceException)
        {
            throw new HostException(e.Message, e);
        }
    }

    /// <summary>Opens the store of a disk.</summary>
    /// <param name="device">The disk.</param>
    /// <param name="clock">What says when a value was changed; null: the system's.</param>
    /// <param name="options">Limits; null: the usual.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreCorruptException">There is no store on the disk, or it is damaged.</exception>
    public static async ValueTask<KeyValueStore> MountAsync(
        IBlockDevice device,
        TimeProvider? clock = null,
        KeyValueStoreOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(device);
        options ??= new KeyValueStoreOptions();
        Superblock? state = await Superblocks.ReadAsync(device, cancellation).ConfigureAwait(false);
        if (state is null)
        {
            if (!options.FormatsEmptyDisks || device.IsReadOnly)
            {
                throw new StoreCorruptException(
                    $"'{device.Name}' holds no store: it begins with zeros. Make one with: morgana image --store"
                );
            }

            try
            {
                state = await Superblocks
                    .FormatAsync(device, UnitFor(device), cancellation)
                    .ConfigureAwait(false);
            }
            catch (ArgumentException e)
            {
                throw new StoreCorruptException(e.Message, e);
            }
        }

        PageStore pages = new(device, state.Geometry, Math.Clamp(options.CachedPages, 8, 65536));
        FreeSpace space = new(state);
        await new TreeWalk(pages, space).RunAsync(state, cancellation).ConfigureAwait(false);
        return new KeyValueStore(pages, space, clock ?? TimeProvider.System, options);
    }

    /// <summary>Makes an empty store on a disk. What was there is lost.</summary>
    /// <param name="device">The disk.</param>
    /// <param name="unitSize">Bytes that belong together: 1024 to 32768, a power of two; 0: 4096, or a block if that is larger.</param>
    /// <param name="cancellation">Gives up; the disk then holds nothing.</param>
    /// <exception cref="ArgumentException">The disk is too small, or the unit cannot be.</exception>
    public static async ValueTask FormatAsync(
        IBlockDevice device,
        int unitSize = 0,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(device);
        _ = await Superblocks
            .FormatAsync(device, unitSize == 0 ? UnitFor(device) : unitSize, cancellation)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<StoreItem?> FindAsync(
        string key,
        CancellationToken cancellation = default
    )
    {
        string normal = StoreKey.Normal(key);
        string name = StoreKey.NameOf(normal);
        using ReadPin pin = _space.Pin(out Superblock state);
        if (await FindAsync(state, normal, cancellation).ConfigureAwait(false) is { } entry)
        {
            return new StoreItem(name, StoreItemKind.Value, entry.Size, entry.LastModified);
        }

        if (normal.Length == 0)
        {
            return new StoreItem("", StoreItemKind.Folder, 0);
        }

        byte[] prefix = Encoding.UTF8.GetBytes(normal + "/");
        return
            await SeekAsync(state, prefix, cancellation).ConfigureAwait(false) is { } first
            && first.Key.StartsWith(prefix)
            ? new StoreItem(name, StoreItemKind.Folder, 0)
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(
        string key,
        CancellationToken cancellation = default
    )
    {
        using ReadPin pin = _space.Pin(out Superblock state);
        ValueEntry entry = await GetAsync(state, key, cancellation).ConfigureAwait(false);
        if (entry.IsInline)
        {
            return entry.InlineValue;
        }

        if (entry.Size > Array.MaxLength)
        {
            throw new IOException(
                $"'{key}' has {entry.Size} bytes, too many for one array: read it in parts."
            );
        }

        byte[] value = new byte[entry.Size];
        _ = await _values.ReadAsync(entry, 0, value, cancellation).ConfigureAwait(false);
        return value;
    }

    /// <inheritdoc/>
    public async ValueTask<int> ReadAsync(
        string key,
        long offset,
        Memory<byte> destination,
        CancellationToken cancellation = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        using ReadPin pin = _space.Pin(out Superblock state);
        ValueEntry entry = await GetAsync(state, key, cancellation).ConfigureAwait(false);
        return await _values
            .ReadAsync(entry, offset, destination, cancellation)
            .ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<Stream> OpenReadAsync(
        string key,
        CancellationToken cancellation = default
    )
    {
        ReadPin pin = _space.Pin(out Superblock state);
        try
        {
            ValueEntry entry = await GetAsync(state, key, cancellation).ConfigureAwait(false);
            return new ValueStream(new PinnedValue(_values, entry, pin));
        }
        catch
        {
            pin.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> DigestAsync(
        string key,
        CancellationToken cancellation = default
    )
    {
        using ReadPin pin = _space.Pin(out Superblock state);
        return (await GetAsync(state, key, cancellation).ConfigureAwait(false)).Digest;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoreItem>> ListAsync(
        string folder,
        CancellationToken cancellation = default
    )
    {
        string normal = StoreKey.Normal(folder);
        byte[] prefix = normal.Length == 0 ? [] : Encoding.UTF8.GetBytes(normal + "/");
        List<StoreItem> items = [];
        using ReadPin pin = _space.Pin(out Superblock state);
        byte[] from = prefix;
        while (
            await SeekAsync(state, from, cancellation).ConfigureAwait(false) is { } entry
            && entry.Key.StartsWith(prefix)
        )
        {
            ReadOnlySpan<byte> rest = entry.Key[prefix.Length..];
            int slash = rest.IndexOf((byte)'/');
            if (slash < 0)
            {
                items.Add(
                    new StoreItem(
                        Encoding.UTF8.GetString(rest),
                        StoreItemKind.Value,
                        entry.Size,
                        entry.LastModified
                    )
                );
                from = [.. entry.Key, 0];
            }
            else
            {
                items.Add(
                    new StoreItem(Encoding.UTF8.GetString(rest[..slash]), StoreItemKind.Folder, 0)
                );
                // Behind all that is in the folder.
                from = [.. prefix, .. rest[..slash], (byte)'/' + 1];
            }
        }

        if (items.Count == 0 && normal.Length > 0)
        {
            throw new StoreKeyNotFoundException(folder);
        }

        // A folder stands among the keys where its first value does: 'a-b' comes before 'a/x', and 'a' before both.
        items.Sort(
            (one, other) =>
                StoreKey.Compare(one.Name, other.Name) is not 0 and int order
                    ? order
                    : one.Kind.CompareTo(other.Kind)
        );
        return items;
    }

    /// <inheritdoc/>
    public async ValueTask SetAsync(
        string key,
        ReadOnlyMemory<byte> value,
        CancellationToken cancellation = default
    )
    {
        IStoreBatch batch = await BeginAsync(cancellation).ConfigureAwait(false);
        await using (batch.ConfigureAwait(false))
        {
            await batch.SetAsync(key, value, cancellation).ConfigureAwait(false);
            await batch.CommitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask SetAsync(
        string key,
        Stream value,
        CancellationToken cancellation = default
    )
    {
        IStoreBatch batch = await BeginAsync(cancellation).ConfigureAwait(false);
        await using (batch.ConfigureAwait(false))
        {
            await batch.SetAsync(key, value, cancellation).ConfigureAwait(false);
            await batch.CommitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string key, CancellationToken cancellation = default)
    {
        IStoreBatch batch = await BeginAsync(cancellation).ConfigureAwait(false);
        await using (batch.ConfigureAwait(false))
        {
            // The only writer is this one: what is there now is there until the commit.
            if (
                await FindAsync(_space.Current, StoreKey.Normal(key), cancellation)
                    .ConfigureAwait(false)
                is null
            )
            {
                return false;
            }

            batch.Delete(key);
            await batch.CommitAsync(cancellation).ConfigureAwait(false);
            return true;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IStoreBatch> BeginAsync(CancellationToken cancellation = default)
    {
        if (_pages.Device.IsReadOnly)
        {
            throw new BlockDeviceException(
                $"The block device '{_pages.Device.Name}' is read-only: its store cannot be changed."
            );
        }

        await _writer.WaitAsync(cancellation).ConfigureAwait(false);
        if (_failure is { } failure)
        {
            _ = _writer.Release();
            throw new StoreFailedException(
                $"The disk '{_pages.Device.Name}' failed before: open its store again.",
                failure
            );
        }

        return new StoreBatch(this);
    }

    /// <summary>Reads every value and compares it with its checksums and its digest.</summary>
    /// <param name="found">Told of each damaged value.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>How many values are damaged.</returns>
    public async ValueTask<long> VerifyAsync(
        Action<string>? found = null,
        CancellationToken cancellation = default
    )
    {
        long damaged = 0;
        byte[] buffer = new byte[Geometry.ChunkSize];
        using ReadPin pin = _space.Pin(out Superblock state);
        byte[] from = [];
        byte[] digest = new byte[Hashing.Sha256.Size];
        while (await SeekAsync(state, from, cancellation).ConfigureAwait(false) is { } entry)
        {
            string? reason = null;
            try
            {
                Hashing.Sha256 hash = new();
                for (long at = 0; at < entry.Size; )
                {
                    int count = await _values
                        .ReadAsync(entry, at, buffer, cancellation)
                        .ConfigureAwait(false);
                    hash.Add(buffer.AsSpan(0, count));
                    at += count;
                }

                hash.Finish(digest);
                if (!digest.AsSpan().SequenceEqual(entry.Digest.Span))
                {
                    reason = $"'{entry.KeyText}' has another digest than it was written with.";
                }
            }
            catch (StoreCorruptException e)
            {
                reason = e.Message;
            }

            if (reason is not null)
            {
                damaged++;
                found?.Invoke(reason);
            }

            from = [.. entry.Key, 0];
        }

        return damaged;
    }

    /// <summary>Makes a state the last one, on the disk and for readers.</summary>
    internal async ValueTask PublishAsync(Superblock next)
    {
        // Nothing speaks of the new pages yet: when this fails, the batch has simply never been.
        await _pages.Device.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            await Superblocks.WriteAsync(_pages.Device, next).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // It may be there or not: units of either state must not be written any more.
            _failure = e;
            throw new StoreFailedException(
                $"The disk '{_pages.Device.Name}' failed while a change was made final: {e.Message} Open the store again to see whether it is there.",
                e
            );
        }

        _space.Commit(next);
    }

    internal void EndBatch() => _writer.Release();

    internal void Tell(IReadOnlyList<string> keys) =>
        Changed?.Invoke(this, new StoreChangedEventArgs(keys));

    private static int UnitFor(IBlockDevice device) =>
        Math.Max(Geometry.DefaultUnit, device.BlockSize);

    private async ValueTask<ValueEntry> GetAsync(
        Superblock state,
        string key,
        CancellationToken cancellation
    ) =>
        await FindAsync(state, StoreKey.Normal(key), cancellation).ConfigureAwait(false)
        ?? throw new StoreKeyNotFoundException(key);

    private async ValueTask<ValueEntry?> FindAsync(
        Superblock state,
        string normal,
        CancellationToken cancellation
    )
    {
        int most = Encoding.UTF8.GetMaxByteCount(normal.Length);
        byte[] rented = System.Buffers.ArrayPool<byte>.Shared.Rent(most);
        try
        {
            ReadOnlyMemory<byte> key = rented.AsMemory(0, Encoding.UTF8.GetBytes(normal, rented));
            Extent place = state.Root;
            for (int level = state.Level; !place.IsNothing; level--)
            {
                Page page = await _pages
                    .LoadAsync(place, isMap: false, level, cancellation)
                    .ConfigureAwait(false);
                if (level == 0)
                {
                    int at = page.Search(key.Span);
                    return at < 0 ? null : new ValueEntry(page.Entry(at));
                }

                place = page.Child(page.SearchChild(key.Span));
            }

            return null;
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The first value at or behind a key.</summary>
    private ValueTask<ValueEntry?> SeekAsync(
        Superblock state,
        ReadOnlyMemory<byte> key,
        CancellationToken cancellation
    ) =>
        state.Root.IsNothing
            ? new((ValueEntry?)null)
            : SeekAsync(state.Root, state.Level, key, cancellation);

    private async ValueTask<ValueEntry?> SeekAsync(
        Extent place,
        int level,
        ReadOnlyMemory<byte> key,
        CancellationToken cancellation
    )
    {
        Page page = await _pages
            .LoadAsync(place, isMap: false, level, cancellation)
            .ConfigureAwait(false);
        if (level == 0)
        {
            int at = page.Search(key.Span);
            at = at < 0 ? ~at : at;
            return at < page.Count ? new ValueEntry(page.Entry(at)) : null;
        }

        for (int i = page.SearchChild(key.Span); i < page.Count; i++)
        {
            if (
                await SeekAsync(page.Child(i), level - 1, key, cancellation)
                    .ConfigureAwait(false) is
                { } found
            )
            {
                return found;
            }
        }

        return null;
    }
}
