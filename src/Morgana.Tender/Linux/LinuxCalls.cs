using System.Runtime.InteropServices;

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

    [LibraryImport(Library, EntryPoint = "getenv")]
    public static partial byte* GetEnvironment(byte* name);

    /// <summary>This process's environment, for a program that takes its place; null-terminated.</summary>
    public static byte** Environment =>
        *(byte***)NativeLibrary.GetExport(NativeLibrary.GetMainProgramHandle(), "environ");
}
