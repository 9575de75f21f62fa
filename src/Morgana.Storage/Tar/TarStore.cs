using System.Buffers;
using Morgana.Runtime;
using Morgana.Storage.Hashing;
using Morgana.Storage.Tar;

namespace Morgana.Storage;

/// <summary>
/// The files of a tar archive that a disk holds: ustar, pax and GNU's long names. Names and places are read once and kept in memory; contents are
/// read from the disk when they are asked for. It may be used by several threads.
/// </summary>
public sealed class TarStore : IReadOnlyStore
{
    /// <summary>Read at once while the index is made: headers of small files lie close together.</summary>
    private const int Window = 64 * 1024;

    private readonly IBlockDevice _device;
    private readonly string[] _keys;
    private readonly TarEntry[] _entries;
    private readonly ReadOnlyMemory<byte>?[] _digests;

    private TarStore(IBlockDevice device, IReadOnlyDictionary<string, TarEntry> entries)
    {
        _device = device;
        _keys = [.. entries.Keys];
        Array.Sort(_keys, StoreKey.Compare);
        _entries = [.. _keys.Select(key => entries[key])];
        _digests = new ReadOnlyMemory<byte>?[_keys.Length];
    }

    /// <summary>How many values there are.</summary>
    public int Count => _keys.Length;

    /// <summary>Opens the archive of a disk, as the device of config.cs does.</summary>
    /// <param name="device">The disk.</param>
    /// <param name="options">Limits; null: the usual.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="HostException">There is no archive on the disk, or it is damaged: the message is for whoever started the program.</exception>
    public static async ValueTask<TarStore> OpenAsync(
        IBlockDevice device,
        TarStoreOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        try
        {
            return await MountAsync(device, options, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StoreCorruptException or BlockDeviceException)
        {
            throw new HostException(e.Message, e);
        }
    }

    /// <summary>Opens the archive of a disk.</summary>
    /// <param name="device">The disk.</param>
    /// <param name="options">Limits; null: the usual.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreCorruptException">There is no archive on the disk, or it is damaged.</exception>
    public static async ValueTask<TarStore> MountAsync(
        IBlockDevice device,
        TarStoreOptions? options = null,
        CancellationToken cancellation = default
    )
    {
        ArgumentNullException.ThrowIfNull(device);
        TarReader reader = new(device.Capacity, options ?? new TarStoreOptions());
        // Attributes may be as large as the window, and begin anywhere in a block.
        byte[] window = ArrayPool<byte>.Shared.Rent(Window + BlockRange.LargestBlock);
        try
        {
            long begin = 0;
            long end = 0;
            while (!reader.IsDone)
            {
                if (reader.Wanted < begin || reader.Wanted + reader.WantedSize > end)
                {
                    begin = reader.Wanted - reader.Wanted % device.BlockSize;
                    long most = Math.Min(
                        reader.WantedSize > TarHeader.BlockSize
                            ? Window + BlockRange.LargestBlock
                            : Window / 4,
                        device.Capacity - begin
                    );
                    // Whole blocks, and enough of them for what is wanted.
                    long least = reader.Wanted - begin + reader.WantedSize;
                    int size = (int)Math.Max(most, Math.Min(least, device.Capacity - begin));
                    size = Math.Min(
                        (size + device.BlockSize - 1) / device.BlockSize * device.BlockSize,
                        window.Length / device.BlockSize * device.BlockSize
                    );
                    size = (int)Math.Min(size, device.Capacity - begin);
                    await device
                        .ReadAsync(begin, window.AsMemory(0, size), cancellation)
                        .ConfigureAwait(false);
                    end = begin + size;
                }

                reader.Take(window.AsSpan((int)(reader.Wanted - begin), reader.WantedSize));
            }

            return new TarStore(device, reader.Entries);
        }
        catch (StoreCorruptException e)
        {
            throw new StoreCorruptException($"On '{device.Name}': {e.Message}.", e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(window);
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoreItem?> FindAsync(string key, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        string normal = StoreKey.Normal(key);
        string name = StoreKey.NameOf(normal);
        int place = Search(normal);
        if (place >= 0)
        {
            return new(ItemOf(name, place));
        }

        return new(
            normal.Length == 0 || Inside(normal).Length > 0
                ? new StoreItem(name, StoreItemKind.Folder, 0)
                : null
        );
    }

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(
        string key,
        CancellationToken cancellation = default
    )
    {
        TarEntry entry = _entries[Place(key)];
        if (entry.Size > Array.MaxLength)
        {
            throw new IOException(
                $"'{key}' has {entry.Size} bytes, too many for one array: read it in parts."
            );
        }

        byte[] value = new byte[entry.Size];
        _ = await ReadAsync(entry, 0, value, cancellation).ConfigureAwait(false);
        return value;
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(
        string key,
        long offset,
        Memory<byte> destination,
        CancellationToken cancellation = default
    )
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        return ReadAsync(_entries[Place(key)], offset, destination, cancellation);
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenReadAsync(string key, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(new ValueStream(new TarValue(this, _entries[Place(key)])));
    }

    /// <summary>SHA-256 of the value. It is made when it is first asked for, which reads the whole value.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="StoreKeyNotFoundException">There is no value under that key.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> DigestAsync(
        string key,
        CancellationToken cancellation = default
    )
    {
        int place = Place(key);
        if (_digests[place] is { } known)
        {
            return known;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(Window);
        try
        {
            Sha256 hash = new();
            for (long at = 0; at < _entries[place].Size; )
            {
                int count = await ReadAsync(_entries[place], at, buffer, cancellation)
                    .ConfigureAwait(false);
                hash.Add(buffer.AsSpan(0, count));
                at += count;
            }

            byte[] digest = new byte[Sha256.Size];
            hash.Finish(digest);
            lock (_digests)
            {
                _digests[place] = digest;
            }

            return digest;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoreItem>> ListAsync(
        string folder,
        CancellationToken cancellation = default
    )
    {
        cancellation.ThrowIfCancellationRequested();
        string normal = StoreKey.Normal(folder);
        (int begin, int length) = normal.Length == 0 ? (0, Count) : Inside(normal);
        if (length == 0 && normal.Length > 0)
        {
            throw new StoreKeyNotFoundException(folder);
        }

        int skip = normal.Length == 0 ? 0 : normal.Length + 1;
        List<StoreItem> items = [];
        HashSet<string> folders = [];
        for (int place = begin; place < begin + length; place++)
        {
            string rest = _keys[place][skip..];
            int slash = rest.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0)
            {
                items.Add(ItemOf(rest, place));
            }
            else if (folders.Add(rest[..slash]))
            {
                items.Add(new StoreItem(rest[..slash], StoreItemKind.Folder, 0));
            }
        }

        items.Sort(
            (one, other) =>
                StoreKey.Compare(one.Name, other.Name) is not 0 and int order
                    ? order
                    : one.Kind.CompareTo(other.Kind)
        );
        return new(items);
    }

    internal async ValueTask<int> ReadAsync(
        TarEntry entry,
        long offset,
        Memory<byte> destination,
        CancellationToken cancellation
    )
    {
        if (offset >= entry.Size)
        {
            return 0;
        }

        int wanted = (int)Math.Min(destination.Length, entry.Size - offset);
        int mask = _device.BlockSize - 1;
        int done = 0;
        byte[]? block = null;
        try
        {
            while (done < wanted)
            {
                long at = entry.Offset + offset + done;
                int within = (int)at & mask;
                int whole = (wanted - done) & ~mask;
                if (within == 0 && whole > 0)
                {
                    await _device
                        .ReadAsync(at, destination.Slice(done, whole), cancellation)
                        .ConfigureAwait(false);
                    done += whole;
                    continue;
                }

                // The beginning or the end of a block; more of them at once when nothing is aligned anyway.
                int size = Math.Min(within + wanted - done, Window);
                size = (size + mask) & ~mask;
                block ??= ArrayPool<byte>.Shared.Rent(Window + BlockRange.LargestBlock);
                await _device
                    .ReadAsync(at - within, block.AsMemory(0, size), cancellation)
                    .ConfigureAwait(false);
                int part = Math.Min(size - within, wanted - done);
                block.AsSpan(within, part).CopyTo(destination.Span[done..]);
                done += part;
            }
        }
        finally
        {
            if (block is not null)
            {
                ArrayPool<byte>.Shared.Return(block);
            }
        }

        return wanted;
    }

    private StoreItem ItemOf(string name, int place)
    {
        TarEntry entry = _entries[place];
        return new StoreItem(
            name,
            StoreItemKind.Value,
            entry.Size,
            DateTimeOffset.FromUnixTimeSeconds(
                Math.Clamp(entry.Seconds, -62135596800, 253402300799)
            )
        );
    }

    private int Search(string normal) => Array.BinarySearch(_keys, normal, KeyOrder.Instance);

    private int Place(string key)
    {
        int place = Search(StoreKey.Normal(key));
        return place >= 0 ? place : throw new StoreKeyNotFoundException(key);
    }

    private (int Begin, int Length) Inside(string normal)
    {
        string prefix = normal + "/";
        int begin = Search(prefix);
        begin = begin < 0 ? ~begin : begin;
        int end = begin;
        while (end < _keys.Length && _keys[end].StartsWith(prefix, StringComparison.Ordinal))
        {
            end++;
        }

        return (begin, end - begin);
    }

    private sealed class KeyOrder : IComparer<string>
    {
        public static readonly KeyOrder Instance = new();

        public int Compare(string? x, string? y) => StoreKey.Compare(x!, y!);
    }
}
