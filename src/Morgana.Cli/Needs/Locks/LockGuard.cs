namespace Morgana.Cli.Needs.Locks;

/// <summary>
/// Remembers a lock file while packages are restored: NuGet writes it before it is known whether all is well, and a lock that a failed restore
/// has left would make each build after it fail.
/// </summary>
internal sealed class LockGuard
{
    private readonly string _path;
    private readonly byte[]? _before;

    private LockGuard(string path)
    {
        _path = path;
        _before = File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    /// <summary>Runs <paramref name="work"/>; when it fails the lock is what it was, or not there if it was not.</summary>
    public static async Task RunAsync(string path, Func<Task> work)
    {
        LockGuard guard = new(path);
        try
        {
            await work().ConfigureAwait(false);
        }
        catch
        {
            await guard.PutBackAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>What is in <paramref name="after"/> in another way than in <paramref name="before"/>, a few words each.</summary>
    public static IEnumerable<string> Changes(
        IReadOnlyList<LockedPackage> before,
        IReadOnlyList<LockedPackage> after
    )
    {
        ILookup<string, string> was = Versions(before);
        ILookup<string, string> now = Versions(after);
        foreach (
            string id in was.Concat(now)
                .Select(group => group.Key)
                .Distinct(StringComparer.OrdinalIgnoreCase)
                .Order(StringComparer.OrdinalIgnoreCase)
        )
        {
            string old = string.Join(", ", was[id]);
            string present = string.Join(", ", now[id]);
            if (old != present)
            {
                yield return old.Length == 0 ? $"{id} {present} is new"
                : present.Length == 0 ? $"{id} {old} is gone"
                : $"{id} is {present} (it was {old})";
            }
        }
    }

    private static ILookup<string, string> Versions(IEnumerable<LockedPackage> packages) =>
        packages.ToLookup(p => p.Id, p => p.Version, StringComparer.OrdinalIgnoreCase);

    private async Task PutBackAsync()
    {
        if (_before is not null)
        {
            if (!File.Exists(_path) || !_before.AsSpan().SequenceEqual(File.ReadAllBytes(_path)))
            {
                await File.WriteAllBytesAsync(_path, _before).ConfigureAwait(false);
            }
        }
        else
        {
            File.Delete(_path);
        }
    }
}
