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
    private const ushort KindMask = 0xf000; // S_IFMT
    private const ushort RegularFile = 0x8000; // S_IFREG
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

    /// <summary>The stamp of a file; null when there is none.</summary>
    public static FileStamp? Of(string path)
    {
        if (extended)
        {
            try
            {
                return Extended(path);
            }
            catch (EntryPointNotFoundException)
            {
                extended = false;
            }
        }

        FileInfo info = new(path);
        if (!info.Exists)
        {
            return null;
        }

        long modified = (info.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * 100;
        return new FileStamp(info.Length, modified, modified, 0);
    }

    private static FileStamp? Extended(string path) =>
        ReadStatus(CurrentFolder, path, 0, BasicFields, out Status status) == 0
        && (status.Mode & KindMask) == RegularFile
            ? new FileStamp(
                status.Size,
                status.Modified.Seconds * Second + status.Modified.Nanoseconds,
                status.Changed.Seconds * Second + status.Changed.Nanoseconds,
                status.Inode
            )
            : null;

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
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public uint Nanoseconds;
        public int Reserved;
    }
}
