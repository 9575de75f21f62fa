using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Morgana.Build.Hashing;

/// <summary>
/// SHA-256 of files' contents, remembered from build to build by size, times of change and inode, so that a build with nothing to do reads no contents. A file that was
/// changed only just before it was hashed is hashed again next time: another change could have left the same time.
/// </summary>
public sealed class FileHashes
{
    private const string FileName = "hashes";
    private const string Head = "morgana-hashes 2";
    private const int MostTries = 5;
    private readonly ConcurrentDictionary<string, Entry> known = new(StringComparer.Ordinal);
    private readonly string path;
    private int changed;

    /// <summary>Takes up what is remembered in a folder; damaged memory is no memory.</summary>
    public FileHashes(string stateFolder)
    {
        ArgumentNullException.ThrowIfNull(stateFolder);
        path = Path.Combine(stateFolder, FileName);
        try
        {
            Read();
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or FormatException
                        or OverflowException
            )
        {
            known.Clear();
        }
    }

    /// <summary>The hash in lower-case hexadecimal digits; empty when there is no such file.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public string Of(string file) => Observe(file).Hash;

    /// <summary>The hash, with what tells later whether the file is still as it was when it was hashed.</summary>
    /// <exception cref="IOException">The file cannot be read, or changes all the time.</exception>
    internal ObservedFile Observe(string file)
    {
        for (int tries = 0; ; tries++)
        {
            if (FileStamp.Of(file) is not { } stamp)
            {
                _ = known.TryRemove(file, out _);
                return new ObservedFile(file, "", null);
            }

            if (known.TryGetValue(file, out Entry entry) && entry.Stamp == stamp)
            {
                return new ObservedFile(file, entry.Hash, stamp);
            }

            // A stamp that another change could leave again says nothing later.
            bool fresh = stamp.IsFresh;
            string hash = Compute(file);
            if (FileStamp.Of(file) == stamp)
            {
                if (!fresh)
                {
                    known[file] = new Entry(stamp, hash);
                    changed = 1;
                }

                return new ObservedFile(file, hash, fresh ? null : stamp);
            }

            if (tries == MostTries)
            {
                throw new IOException($"{file} changes all the time while it is read.");
            }
        }
    }

    /// <summary>Whether a file is as it was when it was observed, and was all the time between.</summary>
    internal bool IsStill(ObservedFile observed) =>
        observed.Stamp is { } stamp
            ? FileStamp.Of(observed.Path) == stamp
            : Of(observed.Path) == observed.Hash;

    /// <summary>Remembers for the next build, if there is anything new; failing to is no failure of the build.</summary>
    public void Save()
    {
        if (Interlocked.Exchange(ref changed, 0) == 0)
        {
            return;
        }

        StringBuilder text = new(known.Count * 128);
        _ = text.Append(Head).Append('\n');
        foreach ((string file, Entry entry) in known)
        {
            if (!file.Contains('\n', StringComparison.Ordinal))
            {
                _ = text.Append(
                    CultureInfo.InvariantCulture,
                    $"{entry.Hash} {entry.Stamp.Size} {entry.Stamp.Modified} {entry.Stamp.Changed} {entry.Stamp.Inode} {file}\n"
                );
            }
        }

        try
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, Encoding.UTF8.GetBytes(text.ToString()));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is a memory only.
        }
    }

    internal static string Compute(string file)
    {
        using FileStream stream = new(
            file,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            1
        );
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _ = SHA256.HashData(stream, hash);
        return Convert.ToHexStringLower(hash);
    }

    private void Read()
    {
        if (!File.Exists(path))
        {
            return;
        }

        bool first = true;
        foreach (ReadOnlySpan<char> line in File.ReadAllText(path).AsSpan().EnumerateLines())
        {
            if (first)
            {
                if (line is not Head)
                {
                    return;
                }

                first = false;
                continue;
            }

            if (line.Length < 68)
            {
                continue;
            }

            ReadOnlySpan<char> rest = line[65..];
            FileStamp stamp = new(
                Number(ref rest),
                Number(ref rest),
                Number(ref rest),
                (ulong)Number(ref rest)
            );
            known[rest.ToString()] = new Entry(stamp, line[..64].ToString());
        }
    }

    private static long Number(ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOf(' ');
        if (end < 0)
        {
            throw new FormatException();
        }

        // Inodes are unsigned and may have all bits set.
        ulong number = ulong.Parse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture);
        rest = rest[(end + 1)..];
        return unchecked((long)number);
    }

    private readonly record struct Entry(FileStamp Stamp, string Hash);
}

/// <summary>A file as it was hashed.</summary>
/// <param name="Path">Its path.</param>
/// <param name="Hash">Its hash; empty when there was none.</param>
/// <param name="Stamp">Its stamp then; null when there was none, or when the file had changed just before, so that its stamp does not tell it from another one.</param>
internal readonly record struct ObservedFile(string Path, string Hash, FileStamp? Stamp);
