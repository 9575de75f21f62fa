using System.Runtime.InteropServices;

namespace Morgana.Tender.Linux;

/// <summary>The C library's functions for signals. Sets of signals have 1,024 bits there; the kernel looks at the first 64.</summary>
internal static unsafe partial class LinuxSignals
{
    private const string Library = "libc";

    /// <summary>Words of a set, as the C library has it.</summary>
    public const int SetWords = 16;

    /// <summary>Input or output is possible (SIGIO).</summary>
    public const int InputOutput = 29;

    public const int Block = 0; // SIG_BLOCK
    public const int SetOwner = 15; // F_SETOWN_EX
    public const int Asynchronous = 0x2000; // O_ASYNC
    public const int OwnerIsThread = 0; // F_OWNER_TID

    [LibraryImport(Library, EntryPoint = "pthread_sigmask")]
    public static partial int ChangeMask(int how, ulong* set, ulong* old);

    /// <summary>Takes a signal that is pending and blocked.</summary>
    [LibraryImport(Library, EntryPoint = "sigtimedwait", SetLastError = true)]
    public static partial int Take(ulong* set, void* information, LinuxTime* timeout);

    [LibraryImport(Library, EntryPoint = "gettid")]
    public static partial int CurrentThread();
}
