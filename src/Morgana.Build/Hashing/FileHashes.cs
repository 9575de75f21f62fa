using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Morgana.Build.Hashing;

/// <summary>
/// SHA-256 of files' contents, remembered from build to build by size and time of change, so that a build with nothing to do reads no contents. A file that was
/// changed less than two seconds before it was hashed is hashed again next time: another change could have left the same time.
/// </summary>
public sealed class FileHashes
{
    private const string FileName = "hashes";
    private const string Head = "morgana-hashes 1";
    private static readonly long Fresh = TimeSpan.FromSeconds(2).Ticks;
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
    public string Of(string file)
    {
        FileInfo info = new(file);
        if (!info.Exists)
        {
            _ = known.TryRemove(file, out _);
            return "";
        }

        long size = info.Length;
        long time = info.LastWriteTimeUtc.Ticks;
        if (known.TryGetValue(file, out Entry entry) && entry.Size == size && entry.Time == time)
        {
            return entry.Hash;
        }

        string hash = Compute(file);
        if (DateTime.UtcNow.Ticks - time > Fresh)
        {
            known[file] = new Entry(size, time, hash);
            changed = 1;
        }

        return hash;
    }

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
                    $"{entry.Hash} {entry.Size} {entry.Time} {file}\n"
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

    private static string Compute(string file)
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
            int size = rest.IndexOf(' ');
            int time = size < 0 ? -1 : rest[(size + 1)..].IndexOf(' ');
            if (time < 0)
            {
                throw new FormatException();
            }

            known[rest[(size + time + 2)..].ToString()] = new Entry(
                long.Parse(rest[..size], NumberStyles.None, CultureInfo.InvariantCulture),
                long.Parse(
                    rest.Slice(size + 1, time),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture
                ),
                line[..64].ToString()
            );
        }
    }

    private readonly record struct Entry(long Size, long Time, string Hash);
}
