using Morgana.Build.Hashing;

namespace Morgana.Build.Observation;

/// <summary>
/// How folders and files were at a time: names and stamps of all that is in the folders, hashes of what is read. What is not there counts too. It answers what has changed since.
/// </summary>
public sealed class Snapshot
{
    /// <summary>The most files and folders that are looked through; a larger tree is never known to be unchanged.</summary>
    public const int MostEntries = 200_000;

    private readonly Dictionary<string, SnapshotEntry> entries = new(StringComparer.Ordinal);
    private readonly HashSet<(ulong Device, ulong Inode)> visited = [];
    private readonly OutputFolders outputs;

    /// <summary>An empty one.</summary>
    /// <param name="outputFolders">Full paths of folders that the build fills: nothing is looked for in them.</param>
    /// <param name="everywhere">Whether folders that other builds fill are looked into.</param>
    public Snapshot(IEnumerable<string> outputFolders, bool everywhere)
    {
        ArgumentNullException.ThrowIfNull(outputFolders);
        OwnOutputs = [.. outputFolders.Order(StringComparer.Ordinal)];
        Everywhere = everywhere;
        outputs = new OutputFolders(OwnOutputs, everywhere);
    }

    /// <summary>Whether there were more than <see cref="MostEntries"/>: then it knows nothing.</summary>
    public bool IsTooLarge { get; private set; }

    internal IReadOnlyList<string> OwnOutputs { get; }

    internal bool Everywhere { get; }

    internal IReadOnlyDictionary<string, SnapshotEntry> Entries => entries;

    /// <summary>Whether something is known of a path.</summary>
    public bool Knows(string path) => entries.ContainsKey(path);

    /// <summary>Takes up a folder with all that is in it. Links are followed, each folder once.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="since">When given: the paths that changed since that time are answered.</param>
    public IReadOnlyList<string> AddFolder(string folder, DateTime? since = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        List<string> changed = [];
        if (!entries.ContainsKey(folder))
        {
            Walk(folder, since, changed);
        }

        return changed;
    }

    /// <summary>Takes up a file by its contents; one that is not there too.</summary>
    /// <param name="file">Full path.</param>
    /// <param name="hashes">Hashes of files.</param>
    /// <param name="since">When given: whether it changed since that time is answered, if nothing was known of it before.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool AddFile(string file, FileHashes hashes, DateTime? since = null)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        if (entries.TryGetValue(file, out SnapshotEntry entry))
        {
            if (entry.Kind == PathKind.File && entry.Hash.Length == 0 && entry.Stamp is not null)
            {
                // Its content as it was then, if it still is that: a later change of its times alone is none.
                ObservedFile observed = hashes.Observe(file);
                if (observed.Stamp == entry.Stamp)
                {
                    entries[file] = entry with { Hash = observed.Hash };
                }
            }

            return false;
        }

        ObservedFile now = hashes.Observe(file);
        entries[file] =
            now.Hash.Length == 0
                ? SnapshotEntry.Of(file)
                : new SnapshotEntry(PathKind.File, now.Stamp, now.Hash);
        return since is { } time
            && now.Hash.Length > 0
            && (now.Stamp is null || IsAfter(now.Stamp.Value, time));
    }

    /// <summary>Takes up a file that the build made, with the hash that it has then: one that has another one meanwhile is found changed.</summary>
    public void AddMade(string file, string hash, FileHashes hashes)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        ObservedFile now = hashes.Observe(file);
        entries[file] = new SnapshotEntry(PathKind.File, now.Hash == hash ? now.Stamp : null, hash);
    }

    /// <summary>What has changed since. What is the same at another time is taken up with its new stamps.</summary>
    /// <param name="made">Full paths of files that the build wrote meanwhile: they are taken up as they are now.</param>
    public IReadOnlyList<PathChange> Changes(IReadOnlySet<string>? made = null)
    {
        List<PathChange> changes = [];
        HashSet<string> reported = new(StringComparer.Ordinal);
        foreach ((string path, SnapshotEntry entry) in entries.ToArray())
        {
            PathKind kind = FileStamp.Look(path, follow: false, out FileStamp stamp, out _);
            if (kind == PathKind.Link && entry.Kind is not (PathKind.Link or PathKind.None))
            {
                // Files that are named one by one are followed.
                kind = FileStamp.Look(path, follow: true, out stamp, out _);
            }

            if (
                kind == entry.Kind
                && entry.Stamp == stamp
                && (kind != PathKind.Link || SnapshotEntry.TargetOf(path) == entry.Hash)
            )
            {
                continue;
            }

            if (made?.Contains(path) == true)
            {
                entries[path] = SnapshotEntry.Of(path);
                continue;
            }

            if (kind != entry.Kind)
            {
                Report(
                    path,
                    entry.Kind == PathKind.None ? ChangeOfPath.New
                        : kind == PathKind.None ? ChangeOfPath.Gone
                        : ChangeOfPath.Changed
                );
                continue;
            }

            switch (kind)
            {
                case PathKind.Folder:
                    CompareNames(path, stamp);
                    break;
                case PathKind.File when entry.Hash.Length == 0:
                case PathKind.File when FileHashes.Compute(path) != entry.Hash:
                case PathKind.Link when SnapshotEntry.TargetOf(path) != entry.Hash:
                    Report(path, ChangeOfPath.Changed);
                    break;
                case PathKind.None:
                case PathKind.Other when entry.Stamp?.Inode == stamp.Inode:
                    break;
                case PathKind.Other:
                    Report(path, ChangeOfPath.Changed);
                    break;
                default:
                    // The same content at another time: from now on its stamp is enough.
                    entries[path] = entry with
                    {
                        Stamp = stamp.IsFresh ? null : stamp,
                    };
                    Renewed = true;
                    break;
            }
        }

        return changes;

        void CompareNames(string folder, FileStamp stamp)
        {
            bool same = true;
            HashSet<string> now = new(StringComparer.Ordinal);
            foreach (string child in Names(folder))
            {
                _ = now.Add(child);
                if (
                    entries.TryGetValue(child, out SnapshotEntry known)
                    && known.Kind != PathKind.None
                )
                {
                    continue;
                }

                if (made?.Contains(child) == true)
                {
                    entries[child] = SnapshotEntry.Of(child);
                }
                else if (made is not null && Holds(child, made))
                {
                    // A folder that was made for what was made.
                    _ = AddFolder(child);
                }
                else
                {
                    same = false;
                    Report(child, ChangeOfPath.New);
                }
            }

            if (same)
            {
                entries[folder] = entries[folder] with { Stamp = stamp.IsFresh ? null : stamp };
                Renewed = true;
            }
        }

        void Report(string path, ChangeOfPath change)
        {
            if (reported.Add(path))
            {
                changes.Add(new PathChange(path, change));
            }
        }
    }

    /// <summary>Whether stamps were renewed, so that it is worth to be written again.</summary>
    public bool Renewed { get; private set; }

    internal void Restore(string path, SnapshotEntry entry) => entries[path] = entry;

    // A clock of a file system ticks every few milliseconds: what changed just before counts as after.
    private static bool IsAfter(FileStamp stamp, DateTime time) =>
        stamp.Changed > (time - DateTime.UnixEpoch - TimeSpan.FromMilliseconds(20)).Ticks * 100;

    private static bool Holds(string folder, IReadOnlySet<string> made) =>
        Directory.Exists(folder)
        && Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).All(made.Contains);

    private void Walk(string path, DateTime? since, List<string> changed)
    {
        if (entries.Count >= MostEntries)
        {
            IsTooLarge = true;
            return;
        }

        SnapshotEntry entry = SnapshotEntry.Of(path);
        if (!entries.TryAdd(path, entry))
        {
            return;
        }

        if (
            since is { } time
            && entry.Kind != PathKind.None
            && (entry.Stamp is null || IsAfter(entry.Stamp.Value, time))
        )
        {
            changed.Add(path);
        }

        // A link to a folder counts as the folder, where it is the first way to it; any other says only where it leads.
        if (
            (entry.Kind is PathKind.Folder or PathKind.Link)
            && FileStamp.Look(path, follow: true, out FileStamp target, out ulong device)
                is PathKind.Folder
            // Folders themselves are always entered; every circle has a link in it.
            && (
                visited.Add((device, target.Inode == 0 ? Hash(path) : target.Inode))
                || entry.Kind == PathKind.Folder
            )
        )
        {
            if (entry.Kind == PathKind.Link)
            {
                entries[path] = new SnapshotEntry(
                    PathKind.Folder,
                    target.IsFresh ? null : target,
                    ""
                );
            }

            foreach (string child in Names(path))
            {
                Walk(child, since, changed);
            }
        }
    }

    // Where folders have no numbers their resolved path tells them apart.
    private static ulong Hash(string path) =>
        (ulong)
            (
                new DirectoryInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path
            ).GetHashCode(StringComparison.Ordinal);

    private IEnumerable<string> Names(string folder)
    {
        string[] names;
        try
        {
            names = Directory.GetFileSystemEntries(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A compiler could not read it either; when it can, its stamp is another one.
            return [];
        }

        return names.Where(name => !outputs.Contains(name));
    }
}

/// <summary>What is known of a path.</summary>
/// <param name="Kind">What is there.</param>
/// <param name="Stamp">Its stamp; null when another content could have the same.</param>
/// <param name="Hash">A file's hash, empty when it was not read; what a link says.</param>
internal readonly record struct SnapshotEntry(PathKind Kind, FileStamp? Stamp, string Hash)
{
    public static SnapshotEntry Of(string path)
    {
        PathKind kind = FileStamp.Look(path, follow: false, out FileStamp stamp, out _);
        if (
            kind == PathKind.Link
            && FileStamp.Look(path, follow: true, out FileStamp target, out _) == PathKind.File
        )
        {
            // A link to a file counts as the file.
            (kind, stamp) = (PathKind.File, target);
        }

        return kind switch
        {
            // A stamp that another content could leave again is no stamp; then the content itself has to tell.
            PathKind.File when stamp.IsFresh => new SnapshotEntry(kind, null, TryHash(path)),
            PathKind.Folder when stamp.IsFresh => new SnapshotEntry(kind, null, ""),
            PathKind.Link => new SnapshotEntry(kind, stamp, TargetOf(path)),
            PathKind.None => new SnapshotEntry(kind, default(FileStamp), ""),
            _ => new SnapshotEntry(kind, stamp, ""),
        };
    }

    /// <summary>What a link says, and what is there.</summary>
    public static string TargetOf(string link) =>
        $"{new FileInfo(link).LinkTarget} {FileStamp.Look(link, follow: true, out _, out _)}";

    private static string TryHash(string path)
    {
        try
        {
            return FileHashes.Compute(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

/// <summary>A path that is not as it was.</summary>
/// <param name="Path">The path.</param>
/// <param name="Change">How it changed.</param>
public readonly record struct PathChange(string Path, ChangeOfPath Change)
{
    /// <summary>In words, for <c>--explain</c>.</summary>
    public override string ToString() =>
        Change switch
        {
            ChangeOfPath.New => $"{Path} is new",
            ChangeOfPath.Gone => $"{Path} is gone",
            _ => $"{Path} changed",
        };
}

/// <summary>How a path changed.</summary>
public enum ChangeOfPath
{
    /// <summary>Its content, or what kind of thing it is.</summary>
    Changed,

    /// <summary>There was nothing.</summary>
    New,

    /// <summary>There is nothing.</summary>
    Gone,
}
