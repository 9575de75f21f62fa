using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Morgana.Tender.Linux;

/// <summary>
/// The C library's functions that the tender uses. Straight calls, without the framework's file and console classes: their
/// start-up takes longer than all of the tender's work. Negative results are errors, see <see cref="LinuxError"/>.
/// </summary>
internal static unsafe partial class LinuxCalls
{
    private const string Library = "libc";

    public const int OpenReadOnly = 0;
    public const int OpenReadWrite = 2;
    public const int OpenNonBlocking = 0x800;
    public const int OpenCloseOnExec = 0x80000;

    public const int GetDescriptorFlags = 1; // F_GETFD
    public const int GetStatusFlags = 3; // F_GETFL
    public const int SetStatusFlags = 4; // F_SETFL
    public const int AddSeals = 1033; // F_ADD_SEALS
    public const int CloseOnExec = 1; // FD_CLOEXEC

    public const uint MemoryCloseOnExec = 1; // MFD_CLOEXEC
    public const uint MemoryAllowSealing = 2; // MFD_ALLOW_SEALING
    public const uint MemoryExecutable = 0x10; // MFD_EXEC, since Linux 6.3
    public const int AllSeals = 0xf; // F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE

    public const int SeekEnd = 2;
    public const int ProtectRead = 1;
    public const int ProtectWrite = 2;
    public const int MapShared = 1;
    public const int MapPrivate = 2;
    public const int MapAnonymous = 0x20;
    public const int MapNoReserve = 0x4000;
    public const int EpollAdd = 1; // EPOLL_CTL_ADD
    public const uint EpollIn = 1;
    public const int ClockMonotonic = 1;
    public const int TimerNonBlocking = 0x800; // TFD_NONBLOCK

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte* path, int flags, int mode);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "pread", SetLastError = true)]
    public static partial nint Pread(int descriptor, byte* buffer, nuint count, long offset);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "pwrite", SetLastError = true)]
    public static partial nint Pwrite(int descriptor, byte* buffer, nuint count, long offset);

    [LibraryImport(Library, EntryPoint = "getrandom", SetLastError = true)]
    public static partial nint GetRandom(byte* buffer, nuint count, uint flags);

    [LibraryImport(Library, EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int SetSize(int descriptor, long size);

    [LibraryImport(Library, EntryPoint = "linkat", SetLastError = true)]
    public static partial int Link(int from, byte* source, int to, byte* target, int flags);

    [LibraryImport(Library, EntryPoint = "clock_gettime")]
    public static partial int ClockGetTime(int clock, LinuxTime* time);

    [LibraryImport(Library, EntryPoint = "timerfd_settime", SetLastError = true)]
    public static partial int TimerSetTime(
        int timer,
        int flags,
        LinuxTimerSetting* setting,
        LinuxTimerSetting* old
    );

    [LibraryImport(Library, EntryPoint = "epoll_pwait", SetLastError = true)]
    public static partial int EpollWait(
        int epoll,
        byte* events,
        int most,
        int timeout,
        byte* signals
    );

    [LibraryImport(Library, EntryPoint = "mmap", SetLastError = true)]
    public static partial void* Map(
        void* address,
        nuint size,
        int protection,
        int flags,
        int descriptor,
        long offset
    );

    [LibraryImport(Library, EntryPoint = "mprotect", SetLastError = true)]
    public static partial int Protect(void* address, nuint size, int protection);

    [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(int descriptor, long offset, int whence);

    [LibraryImport(Library, EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(int descriptor, int command, long argument);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    public static partial int DeviceControl(int descriptor, nuint request, void* argument);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int domain, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int epoll, int operation, int descriptor, void* @event);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint count, int flags);

    /// <summary>Ends the process at once, without the runtime's leave.</summary>
    [LibraryImport(Library, EntryPoint = "_exit")]
    public static partial void Exit(int status);

    [LibraryImport(Library, EntryPoint = "timerfd_create", SetLastError = true)]
    public static partial int TimerCreate(int clock, int flags);

    [LibraryImport(Library, EntryPoint = "memfd_create", SetLastError = true)]
    public static partial int MemoryFile(byte* name, uint flags);

    [LibraryImport(Library, EntryPoint = "getrandom", SetLastError = true)]
    public static partial nint Random(byte* buffer, nuint count, uint flags);

    [LibraryImport(Library, EntryPoint = "fexecve", SetLastError = true)]
    public static partial int Execute(int descriptor, byte** arguments, byte** environment);

    [LibraryImport(Library, EntryPoint = "execve", SetLastError = true)]
    public static partial int Execute(byte* path, byte** arguments, byte** environment);

    /// <summary>Like <see cref="Execute(byte*, byte**, byte**)"/>, but a name without a slash is looked for on the PATH.</summary>
    [LibraryImport(Library, EntryPoint = "execvpe", SetLastError = true)]
    public static partial int ExecuteOnPath(byte* file, byte** arguments, byte** environment);

    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    public static partial int ProcessControl(int option, long a, long b, long c, long d);

    [LibraryImport(Library, EntryPoint = "capset", SetLastError = true)]
    public static partial int SetCapabilities(uint* header, uint* sets);

    /// <summary>seccomp(2), for which the C library has no function.</summary>
    public static int SecureComputing(uint operation, uint flags, void* program) =>
        (int)SystemCall(X86Base.IsSupported ? 317 : 277, operation, flags, program);

    /// <summary>close_range(2), since Linux 5.9.</summary>
    public static int CloseRange(uint first, uint last) => (int)SystemCall(436, first, last, null);

    /// <summary>landlock_create_ruleset(2), since Linux 5.13.</summary>
    public static int LandlockCreate(void* attributes, nuint size, uint flags) =>
        (int)SystemCall(444, (nuint)attributes, size, (void*)flags);

    /// <summary>landlock_restrict_self(2), since Linux 5.13.</summary>
    public static int LandlockRestrict(int ruleset) =>
        (int)SystemCall(446, (nuint)ruleset, 0, null);

    /// <summary>landlock_add_rule(2), since Linux 5.13.</summary>
    public static int LandlockAllow(int ruleset, int type, void* rule) =>
        (int)SystemCall(445, (nuint)ruleset, (nuint)type, rule, 0);

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(
        nint number,
        nuint first,
        nuint second,
        void* third,
        nuint fourth
    );

    [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(
        nint number,
        nuint operation,
        nuint flags,
        void* program
    );

    [LibraryImport(Library, EntryPoint = "getenv")]
    public static partial byte* GetEnvironment(byte* name);

    /// <summary>This process's environment, for a program that takes its place; null-terminated.</summary>
    public static byte** Environment =>
        *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");
}
