using System.Runtime.InteropServices;

namespace Morgana.Build.Hashing;

/// <summary>What tells cheaply that a file is still the one it was.</summary>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Modified">When its content was last changed, in nanoseconds since 1970.</param>
/// <param name="Changed">When anything about it was last changed, which nobody can set back; that of <paramref name="Modified"/> where systems have no such time.</param>
/// <param name="Inode">Its number in its file system; 0 where there is none.</param>
internal readonly partial record struct FileStamp(
    long Size,
    long Modified,
    long Changed,
    ulong Inode
)
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint BasicFields = 0x7ff; // STATX_BASIC_STATS
    private const int NotFollowed = 0x100; // AT_SYMLINK_NOFOLLOW
    private const ushort KindMask = 0xf000; // S_IFMT
    private const ushort RegularFile = 0x8000; // S_IFREG
    private const ushort FolderKind = 0x4000; // S_IFDIR
    private const ushort LinkKind = 0xa000; // S_IFLNK
    private const long Second = 1_000_000_000;
    private static bool extended = OperatingSystem.IsLinux();

    /// <summary>
    /// Whether another change within the time that clocks of file systems do not tell apart could leave the same stamp: a few milliseconds, or two seconds where
    /// they count in seconds.
    /// </summary>
    public bool IsFresh
    {
        get
        {
            long last = Math.Max(Modified, Changed);
            long age = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100 - last;
            return age < (Modified % Second == 0 || Inode == 0 ? 2 * Second : Second / 10);
        }
    }

    /// <summary>The stamp of a file; null when there is none. Links are followed.</summary>
    public static FileStamp? Of(string path) =>
        Look(path, follow: true, out FileStamp stamp, out _) == PathKind.File ? stamp : null;

    /// <summary>What is at a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="follow">Whether a link counts as what it leads to.</param>
    /// <param name="stamp">Its stamp.</param>
    /// <param name="device">The file system that it is in; with <see cref="Inode"/> it tells a folder from every other one.</param>
    public static PathKind Look(string path, bool follow, out FileStamp stamp, out ulong device)
    {
        device = 0;
        if (extended)
        {
            try
            {
                if (
                    ReadStatus(
                        CurrentFolder,
                        path,
                        follow ? 0 : NotFollowed,
                        BasicFields,
                        out Status status
                    ) != 0
                )
                {
                    stamp = default;
                    return PathKind.None;
                }

                stamp = new FileStamp(
                    status.Size,
                    status.Modified.Seconds * Second + status.Modified.Nanoseconds,
                    status.Changed.Seconds * Second + status.Changed.Nanoseconds,
                    status.Inode
                );
                device = ((ulong)status.DeviceMajor << 32) | status.DeviceMinor;
                return (status.Mode & KindMask) switch
                {
                    RegularFile => PathKind.File,
                    FolderKind => PathKind.Folder,
                    LinkKind => PathKind.Link,
                    _ => PathKind.Other,
                };
            }
            catch (EntryPointNotFoundException)
            {
                extended = false;
            }
        }

        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        if (!info.Exists)
        {
            stamp = default;
            return PathKind.None;
        }

        long modified = (info.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * 100;
        stamp = new FileStamp((info as FileInfo)?.Length ?? 0, modified, modified, 0);
        return !follow && info.LinkTarget is not null ? PathKind.Link
            : info is DirectoryInfo ? PathKind.Folder
            : PathKind.File;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ReadStatus(
        int folder,
        string path,
        int flags,
        uint fields,
        out Status status
    );

    /// <summary>The kernel's <c>struct statx</c>, the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(28)]
        public ushort Mode;

        [FieldOffset(32)]
        public ulong Inode;

        [FieldOffset(40)]
        public long Size;

        [FieldOffset(96)]
        public Time Changed;

        [FieldOffset(112)]
        public Time Modified;

        [FieldOffset(136)]
        public uint DeviceMajor;

        [FieldOffset(140)]
        public uint DeviceMinor;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public uint Nanoseconds;
        public int Reserved;
    }
}

/// <summary>What can be at a path.</summary>
internal enum PathKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>A pipe, a socket or a device.</summary>
    Other,
}
