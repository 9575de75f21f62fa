using System.Text;
using System.Text.Unicode;

namespace Morgana.Storage.Tar;

/// <summary>
/// Makes an index of an archive: it says where it wants to read, is given what is there, and so on until the end. It does no input itself. Of several
/// files with one name the last counts, as it would when they are unpacked.
/// </summary>
internal sealed class TarReader(long length, TarStoreOptions options)
{
    /// <summary>The most bytes of pax attributes or of a long name.</summary>
    private const int MostAttributes = 64 * 1024;

    private readonly Dictionary<string, TarEntry> _entries = new(StringComparer.Ordinal);
    private readonly PaxAttributes _global = new();
    private PaxAttributes? _local;
    private byte[]? _longName;
    private long _keyBytes;

    // What is collected for the header before it.
    private byte _collecting;
    private byte[] _collected = [];

    /// <summary>Where the next bytes are wanted from; a multiple of 512.</summary>
    public long Wanted { get; private set; }

    /// <summary>How many: a header, or all of the attributes.</summary>
    public int WantedSize { get; private set; } = TarHeader.BlockSize;

    /// <summary>True when all is known.</summary>
    public bool IsDone { get; private set; } = length < TarHeader.BlockSize;

    /// <summary>What was found.</summary>
    public IReadOnlyDictionary<string, TarEntry> Entries => _entries;

    /// <summary>Takes what was wanted.</summary>
    /// <exception cref="StoreCorruptException">It is no archive, or one that lies about itself.</exception>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        if (_collecting != 0)
        {
            Collected(bytes[..WantedSize]);
            return;
        }

        if (TarHeader.IsEnd(bytes))
        {
            IsDone = true;
            return;
        }

        if (!TarHeader.TryRead(bytes, out TarHeader header, out string error))
        {
            throw Damaged(error);
        }

        long begin = Wanted + TarHeader.BlockSize;
        if (header.Type is (byte)'x' or (byte)'g' or (byte)'L' or (byte)'K')
        {
            if (header.Size > MostAttributes || header.Size > length - begin)
            {
                throw Damaged($"attributes have {header.Size} bytes");
            }

            _collecting = header.Type;
            _collected = new byte[header.Size];
            Wanted = begin;
            WantedSize = (int)header.Size;
            if (header.Size == 0)
            {
                Collected([]);
            }

            return;
        }

        Entry(header, begin);
    }

    private void Entry(TarHeader header, long begin)
    {
        long size = _local?.Size ?? _global.Size ?? header.Size;
        if (size < 0 || size > length - begin)
        {
            throw Damaged($"a file of {size} bytes reaches past the end of the disk");
        }

        // Links and devices have no contents, whatever their size says.
        bool hasContents =
            header.Type is not ((byte)'1' or (byte)'2' or (byte)'3' or (byte)'4' or (byte)'6');
        byte[] name = _longName ?? _local?.Path ?? header.Name;
        if (header.Type is 0 or (byte)'0' or (byte)'7' && !name.AsSpan().EndsWith("/"u8))
        {
            if (_local?.IsSparse ?? false)
            {
                throw Damaged(
                    $"'{Encoding.UTF8.GetString(name)}' is a sparse file: make the archive without --sparse"
                );
            }

            Add(
                name,
                new TarEntry(begin, size, _local?.Seconds ?? _global.Seconds ?? header.Seconds)
            );
        }
        else if (header.Type == (byte)'S')
        {
            throw Damaged(
                $"'{Encoding.UTF8.GetString(name)}' is a sparse file: make the archive without --sparse"
            );
        }

        _local = null;
        _longName = null;
        // Nothing can wrap: begin and size lie on the disk.
        long next = begin + (hasContents ? size : 0);
        next += (TarHeader.BlockSize - next % TarHeader.BlockSize) % TarHeader.BlockSize;
        Next(next);
    }

    private void Collected(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_collected);
        switch (_collecting)
        {
            case (byte)'L':
                int end = Array.IndexOf(_collected, (byte)0);
                _longName = end < 0 ? _collected : _collected[..end];
                break;
            case (byte)'x':
                _local = new PaxAttributes();
                Add(_local);
                break;
            case (byte)'g':
                Add(_global);
                break;
        }

        _collecting = 0;
        long next = Wanted + WantedSize;
        Next(next + (TarHeader.BlockSize - next % TarHeader.BlockSize) % TarHeader.BlockSize);
    }

    private void Add(PaxAttributes attributes)
    {
        if (!attributes.TryAdd(_collected))
        {
            throw Damaged("attributes are malformed");
        }
    }

    private void Next(long place)
    {
        Wanted = place;
        WantedSize = TarHeader.BlockSize;
        // An archive that simply ends is one whose last blocks were cut off: what is there is there.
        IsDone = place > length - TarHeader.BlockSize;
    }

    /// <summary>Takes a file in, under what its name is without a beginning that leads elsewhere.</summary>
    private void Add(byte[] name, TarEntry entry)
    {
        if (!Utf8.IsValid(name) || name.AsSpan().Contains((byte)0))
        {
            throw Damaged($"the name '{Encoding.UTF8.GetString(name)}' is not UTF-8");
        }

        List<string> parts = [];
        foreach (string part in Encoding.UTF8.GetString(name).Split('/'))
        {
            if (part == "..")
            {
                throw Damaged(
                    $"the name '{Encoding.UTF8.GetString(name)}' leads out of the archive"
                );
            }

            if (part.Length > 0 && part != ".")
            {
                parts.Add(part);
            }
        }

        if (parts.Count == 0)
        {
            throw Damaged("a file has no name");
        }

        string key = string.Join('/', parts);
        if (_entries.TryAdd(key, entry))
        {
            _keyBytes += 2 * key.Length;
            if (_entries.Count > options.MostFiles || _keyBytes > options.MostNameBytes)
            {
                throw Damaged(
                    $"it has more than {options.MostFiles} files, or their names take more than {options.MostNameBytes} bytes: raise the limits of TarStoreOptions"
                );
            }

            return;
        }

        _entries[key] = entry;
    }

    private StoreCorruptException Damaged(string why) =>
        new($"it is no good tar archive at byte {Wanted}: {why}");
}
