using Morgana.Elf;

namespace Morgana.Tender.Seccomp;

/// <summary>A Linux system call and its numbers.</summary>
/// <param name="Name">As in the manual pages.</param>
/// <param name="X64">Its number on x86-64.</param>
/// <param name="Arm64">Its number on AArch64; null when there is none.</param>
internal sealed record SystemCall(string Name, uint X64, uint? Arm64)
{
    public static readonly SystemCall Read = new("read", 0, 63);
    public static readonly SystemCall Write = new("write", 1, 64);
    public static readonly SystemCall MemoryProtect = new("mprotect", 10, 226);
    public static readonly SystemCall MemoryMap = new("mmap", 9, 222);
    public static readonly SystemCall MemoryUnmap = new("munmap", 11, 215);
    public static readonly SystemCall MemoryAdvise = new("madvise", 28, 233);
    public static readonly SystemCall SignalMask = new("rt_sigprocmask", 14, 135);
    public static readonly SystemCall DeviceControl = new("ioctl", 16, 29);
    public static readonly SystemCall SchedulerYield = new("sched_yield", 24, 124);
    public static readonly SystemCall Exit = new("exit", 60, 93);
    public static readonly SystemCall MemoryBarrier = new("membarrier", 324, 283);
    public static readonly SystemCall SystemInformation = new("sysinfo", 99, 179);
    public static readonly SystemCall ProcessLimit = new("prlimit64", 302, 261);
    public static readonly SystemCall OpenAt = new("openat", 257, 56);
    public static readonly SystemCall Futex = new("futex", 202, 98);
    public static readonly SystemCall SignalReturn = new("rt_sigreturn", 15, 139);
    public static readonly SystemCall Close = new("close", 3, 57);
    public static readonly SystemCall Receive = new("recvfrom", 45, 207);
    public static readonly SystemCall Send = new("sendto", 44, 206);
    public static readonly SystemCall SignalTake = new("rt_sigtimedwait", 128, 137);
    public static readonly SystemCall SetSize = new("ftruncate", 77, 46);
    public static readonly SystemCall Link = new("linkat", 265, 37);
    public static readonly SystemCall ReadAt = new("pread64", 17, 67);
    public static readonly SystemCall WriteAt = new("pwrite64", 18, 68);
    public static readonly SystemCall ArchitectureControl = new("arch_prctl", 158, null);
    public static readonly SystemCall ClockGetTime = new("clock_gettime", 228, 113);
    public static readonly SystemCall ExitGroup = new("exit_group", 231, 94);
    public static readonly SystemCall EpollWait = new("epoll_pwait", 281, 22);
    public static readonly SystemCall TimerSetTime = new("timerfd_settime", 286, 86);

    public uint? Number(ElfMachine machine) => machine == ElfMachine.Arm64 ? Arm64 : X64;
}
