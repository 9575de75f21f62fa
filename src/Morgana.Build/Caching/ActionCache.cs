using System.Security.Cryptography;
using System.Text.Json;

namespace Morgana.Build.Caching;

/// <summary>
/// What actions made, by their keys: found again after a switch of branches, in another checkout, after a clean. Contents are kept under their hashes and compared
/// with them when they are taken out, so that a damaged file is only a miss. Everything is written beside and renamed: builds that run at the same time share it safely. A cache
/// that cannot be used is no error.
/// </summary>
public sealed class ActionCache
{
    private const string Entries = "actions";
    private const string Contents = "contents";
    private const string Names = "names";
    private readonly string folder;
    private readonly long limit;

    /// <summary>Uses a folder.</summary>
    /// <param name="folder">The folder; it need not be there.</param>
    /// <param name="limit">The most bytes, see <see cref="Trim"/>.</param>
    public ActionCache(string folder, long limit)
    {
        this.folder = Path.Combine(folder, "v1");
        this.limit = limit;
    }

    /// <summary>Puts an action's outputs into place.</summary>
    /// <returns>False when they are not all there; outputs may then be there in part.</returns>
    public bool TryRestore(string key, IReadOnlyList<string> outputs)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(outputs);
        try
        {
            string path = PathOf(Entries, key);
            if (!File.Exists(path))
            {
                return false;
            }

            CacheEntry? entry = JsonSerializer.Deserialize(
                File.ReadAllBytes(path),
                CacheJson.Default.CacheEntry
            );
            if (
                entry?.Outputs is null
                || entry.Outputs.Count != outputs.Count
                || entry.Outputs.Any(output => output?.Hash is null)
            )
            {
                return false;
            }

            for (int i = 0; i < outputs.Count; i++)
            {
                if (entry.Outputs[i].Hash.Length == 0)
                {
                    File.Delete(outputs[i]);
                }
                else if (!TryTake(entry.Outputs[i], outputs[i]))
                {
                    return false;
                }
            }

            Touch(path);
            return true;
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or JsonException
                        or ArgumentException
            )
        {
            return false;
        }
    }

    /// <summary>Keeps an action's outputs, unless one is no longer as the action left it.</summary>
    /// <param name="key">The action's key.</param>
    /// <param name="outputs">The outputs.</param>
    /// <param name="made">The hashes that they have; empty for one that was not made.</param>
    public void Store(string key, IReadOnlyList<string> outputs, IReadOnlyList<string> made)
    {
        ArgumentNullException.ThrowIfNull(made);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(outputs);
        try
        {
            List<CachedFile> files = new(outputs.Count);
            for (int i = 0; i < outputs.Count; i++)
            {
                CachedFile file = Put(outputs[i]);
                if (file.Hash != made[i])
                {
                    return;
                }

                files.Add(file);
            }

            string path = PathOf(Entries, key);
            _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(
                path,
                JsonSerializer.SerializeToUtf8Bytes(
                    new CacheEntry(files),
                    CacheJson.Default.CacheEntry
                )
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The build has its outputs; only the next one gains less.
        }
    }

    /// <summary>The names that were kept under a key; null when there are none.</summary>
    public IReadOnlyList<string>? FindNames(string key)
    {
        try
        {
            string path = PathOf(Names, key);
            return File.Exists(path) ? File.ReadAllLines(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Keeps names under a key, such as those of the headers that a source includes. The last ones count.</summary>
    public void StoreNames(string key, IReadOnlyList<string> names)
    {
        try
        {
            string path = PathOf(Names, key);
            _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, System.Text.Encoding.UTF8.GetBytes(string.Join('\n', names)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then a fresh checkout compiles that source.
        }
    }

    /// <summary>
    /// Deletes what was not used for the longest time until nine tenths of the limit are left. It looks at the whole cache, so builds that made something call it
    /// once at their end, and it looks at most once an hour.
    /// </summary>
    /// <param name="now">Look at once.</param>
    /// <returns>How many bytes were deleted.</returns>
    public long Trim(bool now = false)
    {
        try
        {
            string mark = Path.Combine(folder, "trimmed");
            if (!Directory.Exists(folder) || (!now && IsYoung(mark)))
            {
                return 0;
            }

            File.WriteAllBytes(mark, []);
            List<FileInfo> files =
            [
                .. new DirectoryInfo(folder)
                    .EnumerateFiles("*", SearchOption.AllDirectories)
                    .Where(file => file.Name != "trimmed")
                    .OrderBy(file => file.LastWriteTimeUtc),
            ];
            long size = files.Sum(file => file.Length);
            if (size <= limit)
            {
                return 0;
            }

            long deleted = 0;
            foreach (FileInfo file in files)
            {
                if (size - deleted <= limit / 10 * 9)
                {
                    break;
                }

                deleted += file.Length;
                file.Delete();
            }

            return deleted;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Deletes everything.</summary>
    /// <exception cref="IOException">Something cannot be deleted.</exception>
    public void Clear()
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool IsYoung(string mark) =>
        File.Exists(mark)
        && DateTime.UtcNow - File.GetLastWriteTimeUtc(mark) < TimeSpan.FromHours(1);

    private CachedFile Put(string output)
    {
        if (!File.Exists(output))
        {
            return new CachedFile("", false);
        }

        string beside = Path.Combine(
            folder,
            Contents,
            $"{Environment.ProcessId:x}-{Guid.NewGuid():n}.new"
        );
        _ = Directory.CreateDirectory(Path.GetDirectoryName(beside)!);
        try
        {
            // The copy is what is hashed: the output may change meanwhile.
            File.Copy(output, beside);
            string hash = Hash(beside);
            string path = PathOf(Contents, hash);
            if (File.Exists(path) && new FileInfo(path).Length == new FileInfo(beside).Length)
            {
                Touch(path);
            }
            else
            {
                _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.Move(beside, path, overwrite: true);
                Touch(path);
            }

            return new CachedFile(
                hash,
                !OperatingSystem.IsWindows()
                    && (File.GetUnixFileMode(output) & UnixFileMode.UserExecute) != 0
            );
        }
        finally
        {
            File.Delete(beside);
        }
    }

    private bool TryTake(CachedFile file, string output)
    {
        string path = PathOf(Contents, file.Hash);
        if (!File.Exists(path))
        {
            return false;
        }

        string beside =
            $"{output}.{Environment.ProcessId:x}-{Environment.CurrentManagedThreadId:x}.new";
        _ = Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        try
        {
            File.Copy(path, beside, overwrite: true);
            if (Hash(beside) != file.Hash)
            {
                File.Delete(path);
                return false;
            }

            if (!OperatingSystem.IsWindows())
            {
                const UnixFileMode Execute =
                    UnixFileMode.UserExecute
                    | UnixFileMode.GroupExecute
                    | UnixFileMode.OtherExecute;
                UnixFileMode mode = File.GetUnixFileMode(beside) & ~Execute;
                File.SetUnixFileMode(beside, file.Executable ? mode | Execute : mode);
            }

            // A file as old as its copy in the cache could look older than what it was made from.
            File.SetLastWriteTimeUtc(beside, DateTime.UtcNow);
            File.Move(beside, output, overwrite: true);
            Touch(path);
            return true;
        }
        finally
        {
            File.Delete(beside);
        }
    }

    // When it was last used; another build may delete it at the same time.
    private static void Touch(string path)
    {
        try
        {
            File.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then it goes a little earlier.
        }
    }

    private static string Hash(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private string PathOf(string kind, string hash) =>
        hash.Length >= 64 && hash.All(char.IsAsciiHexDigitLower)
            ? Path.Combine(folder, kind, hash[..2], hash)
            : throw new ArgumentException($"'{hash}' is no hash.", nameof(hash));
}
