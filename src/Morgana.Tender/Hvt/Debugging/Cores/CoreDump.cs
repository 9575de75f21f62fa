using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Text;
using Morgana.Tender.Linux;
using Morgana.Tender.Loading;
using Morgana.Tender.Seccomp;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>
/// A core file that is written when the guest comes to a bad end. Everything is opened before the sandbox: the file without a name, which
/// it gets when it is whole, so that nobody sees a half-written one and a guest that ends well leaves none.
/// </summary>
internal sealed unsafe class CoreDump
{
    private const int PageSize = 4096;
    private const int PagesAtOnce = 256;
    private const int EntrySize = 8;
    private const ulong IsPresent = 1UL << 63; // of /proc/self/pagemap
    private const ulong IsSwapped = 1UL << 62;
    private const int MostNames = 100;

    private const int WriteOnly = 1; // O_WRONLY
    private const int PathOnly = 0x20_0000; // O_PATH
    private const int OwnerOnly = 0x180; // 0600
    private const int FollowLinks = 0x400; // AT_SYMLINK_FOLLOW

    private readonly int file;
    private readonly int folder;
    private readonly int descriptors;
    private readonly int pages;
    private readonly string path;
    private readonly string name;

    private CoreDump(int file, int folder, int descriptors, int pages, string path, string name)
    {
        this.file = file;
        this.folder = folder;
        this.descriptors = descriptors;
        this.pages = pages;
        this.path = path;
        this.name = name;
    }

    // The flags have other numbers on arm64.
    private static int DirectoryFlag => X86Base.IsSupported ? 0x1_0000 : 0x4000; // O_DIRECTORY

    private static int UnnamedFlag => 0x40_0000 | DirectoryFlag; // O_TMPFILE

    /// <summary>The folder in which the file gets its name, by its descriptor.</summary>
    public int Folder => folder;

    /// <summary>The descriptors that writing needs.</summary>
    public IEnumerable<int> Descriptors =>
        pages < 0 ? [file, folder, descriptors] : [file, folder, descriptors, pages];

    /// <summary>Opens what writing needs.</summary>
    /// <param name="path">The folder, as the user named it.</param>
    /// <param name="image">The image's path, for the core file's name.</param>
    /// <exception cref="TenderException">No file can be made there.</exception>
    public static CoreDump Open(string path, string image)
    {
        int folder = LinuxFile.Open(path, PathOnly | DirectoryFlag | LinuxCalls.OpenCloseOnExec);
        if (folder < 0)
        {
            throw new TenderException(
                $"--dumpcore={path}: {LinuxError.LastText}; name a directory that is there"
            );
        }

        int file = OpenUnnamed(path);
        if (file < 0)
        {
            throw new TenderException(
                $"--dumpcore={path}: no file can be made in this directory: {LinuxError.LastText}; its file system must know files without a name (O_TMPFILE: ext4, xfs, btrfs, tmpfs do), and you must be allowed to write there"
            );
        }

        int descriptors = LinuxFile.Open(
            "/proc/self/fd",
            PathOnly | DirectoryFlag | LinuxCalls.OpenCloseOnExec
        );
        if (descriptors < 0)
        {
            throw new TenderException(
                $"--dumpcore={path}: /proc/self/fd: {LinuxError.LastText}; a core file gets its name through /proc: mount it"
            );
        }

        // Without it every page of the guest would have to be looked at, and be given memory by that.
        int pages = LinuxFile.Open("/proc/self/pagemap", LinuxCalls.OpenCloseOnExec);
        return new CoreDump(
            file,
            folder,
            descriptors,
            pages,
            path,
            $"core.{Path.GetFileName(image)}.{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}"
        );
    }

    /// <summary>The system calls that writing needs, each with its reason.</summary>
    public IEnumerable<SeccompRule> Rules(KvmMachine machine, IDebugProcessor processor)
    {
        foreach ((nuint request, string reason) in processor.Requests)
        {
            yield return new(
                SystemCall.DeviceControl,
                [ArgumentCheck.Is(0, (ulong)machine.Cpu), ArgumentCheck.Is(1, request)],
                "--dumpcore: " + reason
            );
        }

        ArgumentCheck own = ArgumentCheck.Is(0, (ulong)file);
        yield return new(SystemCall.WriteAt, [own], "--dumpcore: the core file");
        yield return new(
            SystemCall.SetSize,
            [own],
            "--dumpcore: the core file's size, since pages of zeros are left out"
        );
        if (pages >= 0)
        {
            yield return new(
                SystemCall.ReadAt,
                [
                    ArgumentCheck.Is(0, (ulong)pages),
                    ArgumentCheck.AtMost(2, PagesAtOnce * EntrySize),
                ],
                "--dumpcore: which pages of memory the guest has touched"
            );
        }

        yield return new(
            SystemCall.Link,
            [
                ArgumentCheck.Is(0, (ulong)descriptors),
                ArgumentCheck.Is(2, (ulong)folder),
                ArgumentCheck.Is(4, FollowLinks),
            ],
            "--dumpcore: the core file's name; an existing file is never replaced by that"
        );
    }

    /// <summary>Writes the file and gives it its name.</summary>
    /// <returns>What to tell the user.</returns>
    public string Write(GuestMemory memory, CoreLayout layout)
    {
        ulong written = (ulong)layout.Head.Length;
        if (LinuxCalls.SetSize(file, (long)layout.FileSize) < 0 || !TryWrite(layout.Head, 0))
        {
            return Failure();
        }

        ulong offset = layout.MemoryOffset;
        foreach (CoreSegment segment in layout.Segments)
        {
            if (!TryWriteSegment(memory, segment, offset, ref written))
            {
                return Failure();
            }

            offset += segment.Size;
        }

        return TryName(out string chosen)
            ? $"the guest's core file is {Path.Combine(path, chosen)} ({written >> 10} kB): gdb IMAGE {Path.Combine(path, chosen)}"
            : Failure();

        string Failure() => $"--dumpcore={path}: no core file was written: {LinuxError.LastText}";
    }

    private static int OpenUnnamed(string path)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(path + '\0');
        fixed (byte* at = bytes)
        {
            return LinuxCalls.Open(
                at,
                UnnamedFlag | WriteOnly | LinuxCalls.OpenCloseOnExec,
                OwnerOnly
            );
        }
    }

    private bool TryWriteSegment(
        GuestMemory memory,
        CoreSegment segment,
        ulong offset,
        ref ulong written
    )
    {
        Span<byte> touched = stackalloc byte[PagesAtOnce * EntrySize];
        for (ulong done = 0; done < segment.Size; )
        {
            int size = (int)Math.Min(segment.Size - done, PagesAtOnce * PageSize);
            Span<byte> part = memory.Host(segment.Address + done, size);
            ReadTouched(part, touched);
            int start = 0;
            for (int page = 0; page <= size; page += PageSize)
            {
                bool isEmpty =
                    page == size
                    || !IsTouched(touched, page / PageSize)
                    || !part.Slice(page, PageSize).ContainsAnyExcept((byte)0);
                if (!isEmpty)
                {
                    continue;
                }

                if (page > start)
                {
                    if (!TryWrite(part[start..page], (long)(offset + done) + start))
                    {
                        return false;
                    }

                    written += (ulong)(page - start);
                }

                start = page + PageSize;
            }

            done += (ulong)size;
        }

        return true;
    }

    private void ReadTouched(Span<byte> part, Span<byte> touched)
    {
        int size = part.Length / PageSize * EntrySize;
        fixed (byte* memory = part)
        fixed (byte* entries = touched)
        {
            long at = (long)((ulong)memory / PageSize * EntrySize);
            if (pages < 0 || LinuxCalls.Pread(pages, entries, (nuint)size, at) != size)
            {
                // Not known: each is looked at.
                touched.Fill(0xff);
            }
        }
    }

    private static bool IsTouched(ReadOnlySpan<byte> touched, int page) =>
        (
            BinaryPrimitives.ReadUInt64LittleEndian(touched[(page * EntrySize)..])
            & (IsPresent | IsSwapped)
        ) != 0;

    private bool TryWrite(ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* at = bytes)
        {
            for (int done = 0; done < bytes.Length; )
            {
                nint count = LinuxCalls.Pwrite(
                    file,
                    at + done,
                    (nuint)(bytes.Length - done),
                    offset + done
                );
                if (count > 0)
                {
                    done += (int)count;
                }
                else if (LinuxError.Last != LinuxError.Interrupted)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>Gives the file its name, or the next that is free: process numbers come again, in containers often.</summary>
    private bool TryName(out string chosen)
    {
        byte[] source = Encoding.UTF8.GetBytes(file.ToString(CultureInfo.InvariantCulture) + '\0');
        for (int i = 0; ; i++)
        {
            chosen = i == 0 ? name : $"{name}.{i.ToString(CultureInfo.InvariantCulture)}";
            byte[] target = Encoding.UTF8.GetBytes(chosen + '\0');
            fixed (byte* from = source)
            fixed (byte* to = target)
            {
                if (LinuxCalls.Link(descriptors, from, folder, to, FollowLinks) == 0)
                {
                    return true;
                }
            }

            if (LinuxError.Last != LinuxError.Exists || i == MostNames)
            {
                return false;
            }
        }
    }
}
