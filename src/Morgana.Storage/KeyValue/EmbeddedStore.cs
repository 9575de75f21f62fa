using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Morgana.Storage;

/// <summary>
/// A folder that is part of the program. The tool Morgana.Crunch writes a class derived from this one, whose properties are the program's static data:
/// keys sorted by their UTF-8, found by binary search. Finding and reading allocate nothing and copy nothing.
/// </summary>
public abstract class EmbeddedStore : IReadOnlyStore
{
    /// <summary>Bytes of a digest.</summary>
    protected const int DigestSize = 32;

    /// <summary>Longer keys are put on the heap while they are looked for.</summary>
    private const int KeyOnStack = 512;

    private readonly ReadOnlyMemory<byte> _contents;
    private readonly ReadOnlyMemory<byte> _digests;

    /// <summary>The store over what the derived class has.</summary>
    protected EmbeddedStore()
    {
        _contents = new StaticMemory(this, digests: false).Memory;
        _digests = new StaticMemory(this, digests: true).Memory;
    }

    /// <summary>How many values there are.</summary>
    public int Count => KeyEnds.Length;

    /// <summary>All keys, one after the other, in UTF-8, in the order of their bytes.</summary>
    protected abstract ReadOnlySpan<byte> Keys { get; }

    /// <summary>Where each key ends in <see cref="Keys"/>.</summary>
    protected abstract ReadOnlySpan<int> KeyEnds { get; }

    /// <summary>All values, one after the other, eight bytes a number, the first the lowest.</summary>
    protected abstract ReadOnlySpan<ulong> Contents { get; }

    /// <summary>Where each value ends in <see cref="Contents"/>, in bytes.</summary>
    protected abstract ReadOnlySpan<int> ContentEnds { get; }

    /// <summary>SHA-256 of each value, one after the other.</summary>
    protected abstract ReadOnlySpan<byte> Digests { get; }

    /// <summary>The value under a key in UTF-8, which must be as <see cref="IReadOnlyStore"/> has it without slashes at the ends. Allocates nothing.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryRead(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> value)
    {
        int place = Search(key);
        value = place < 0 ? default : Value(place);
        return place >= 0;
    }

    /// <summary>SHA-256 of the value under a key in UTF-8. Allocates nothing.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryDigest(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte> digest)
    {
        int place = Search(key);
        digest = place < 0 ? default : _digests.Slice(place * DigestSize, DigestSize);
        return place >= 0;
    }

    /// <summary>The key at a place, from 0 to <see cref="Count"/> - 1, in UTF-8.</summary>
    public ReadOnlySpan<byte> KeyAt(int place) =>
        Keys[(place == 0 ? 0 : KeyEnds[place - 1])..KeyEnds[place]];

    /// <inheritdoc/>
    public ValueTask<StoreItem?> FindAsync(string key, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        string path = StoreKey.Normal(key);
        string name = path[(path.LastIndexOf('/') + 1)..];
        int place = Search(path);
        if (place >= 0)
        {
            return new(new StoreItem(name, StoreItemKind.Value, Value(place).Length));
        }

        return new(
            path.Length == 0 || Inside(path).Length > 0
                ? new StoreItem(name, StoreItemKind.Folder, 0)
                : null
        );
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(
        string key,
        CancellationToken cancellation = default
    )
    {
        cancellation.ThrowIfCancellationRequested();
        return new(Value(Place(key)));
    }

    /// <inheritdoc/>
    public ValueTask<int> ReadAsync(
        string key,
        long offset,
        Memory<byte> destination,
        CancellationToken cancellation = default
    )
    {
        cancellation.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ReadOnlySpan<byte> value = Value(Place(key)).Span;
        ReadOnlySpan<byte> part = offset >= value.Length ? [] : value[(int)offset..];
        part = part[..Math.Min(part.Length, destination.Length)];
        part.CopyTo(destination.Span);
        return new(part.Length);
    }

    /// <inheritdoc/>
    public ValueTask<Stream> OpenReadAsync(string key, CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        return new(new ValueStream(new MemorySource(Value(Place(key)))));
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> DigestAsync(
        string key,
        CancellationToken cancellation = default
    )
    {
        cancellation.ThrowIfCancellationRequested();
        return new(_digests.Slice(Place(key) * DigestSize, DigestSize));
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoreItem>> ListAsync(
        string folder,
        CancellationToken cancellation = default
    )
    {
        cancellation.ThrowIfCancellationRequested();
        string path = StoreKey.Normal(folder);
        (int begin, int length) = path.Length == 0 ? (0, Count) : Inside(path);
        if (length == 0 && path.Length > 0)
        {
            throw new StoreKeyNotFoundException(folder);
        }

        int skip = path.Length == 0 ? 0 : Encoding.UTF8.GetByteCount(path) + 1;
        List<StoreItem> items = [];
        HashSet<string> folders = [];
        for (int place = begin; place < begin + length; place++)
        {
            ReadOnlySpan<byte> rest = KeyAt(place)[skip..];
            int slash = rest.IndexOf((byte)'/');
            string name = Encoding.UTF8.GetString(slash < 0 ? rest : rest[..slash]);
            if (slash < 0)
            {
                items.Add(new StoreItem(name, StoreItemKind.Value, Value(place).Length));
            }
            else if (folders.Add(name))
            {
                items.Add(new StoreItem(name, StoreItemKind.Folder, 0));
            }
        }

        // A folder stands among the keys where its first value does: 'a-b' comes before 'a/x', and 'a' before both.
        items.Sort((one, other) => StoreKey.Compare(one.Name, other.Name));
        return new(items);
    }

    private ReadOnlyMemory<byte> Value(int place)
    {
        int begin = place == 0 ? 0 : ContentEnds[place - 1];
        return _contents[begin..ContentEnds[place]];
    }

    private int Place(string key)
    {
        int place = Search(StoreKey.Normal(key));
        return place >= 0 ? place : throw new StoreKeyNotFoundException(key);
    }

    [SkipLocalsInit]
    private int Search(string key)
    {
        int most = Encoding.UTF8.GetMaxByteCount(key.Length);
        byte[]? rented = most > KeyOnStack ? ArrayPool<byte>.Shared.Rent(most) : null;
        Span<byte> bytes = rented ?? stackalloc byte[KeyOnStack];
        int place = Search(bytes[..Encoding.UTF8.GetBytes(key, bytes)]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return place;
    }

    /// <summary>Where a key is; else the complement of where it would be.</summary>
    private int Search(ReadOnlySpan<byte> key)
    {
        int low = 0;
        int high = Count - 1;
        while (low <= high)
        {
            int middle = (int)(((uint)low + (uint)high) / 2);
            int order = KeyAt(middle).SequenceCompareTo(key);
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }

    /// <summary>The values below a folder: they stand together.</summary>
    private (int Begin, int Length) Inside(string folder)
    {
        byte[] prefix = Encoding.UTF8.GetBytes(folder + "/");
        int begin = Search(prefix);
        begin = begin < 0 ? ~begin : begin;
        int end = begin;
        while (end < Count && KeyAt(end).StartsWith(prefix))
        {
            end++;
        }

        return (begin, end - begin);
    }

    /// <summary>The program's static data as memory: it never moves, and is there as long as the program is.</summary>
    private sealed unsafe class StaticMemory(EmbeddedStore store, bool digests)
        : MemoryManager<byte>
    {
        public override Span<byte> GetSpan()
        {
            ReadOnlySpan<byte> data = digests
                ? store.Digests
                : MemoryMarshal.AsBytes(store.Contents);
            // Only ever given out as read-only memory.
            return MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(data), data.Length);
        }

        public override MemoryHandle Pin(int elementIndex = 0) =>
            new(
                Unsafe.AsPointer(ref GetSpan()[elementIndex..].GetPinnableReference()),
                default,
                this
            );

        public override void Unpin() { }

        protected override void Dispose(bool disposing) { }
    }
}
