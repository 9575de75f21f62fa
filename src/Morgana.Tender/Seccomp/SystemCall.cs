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
    public static readonly SystemCall SignalReturn = new("rt_sigreturn", 15, 139);
    public static readonly SystemCall ReadAt = new("pread64", 17, 67);
    public static readonly SystemCall WriteAt = new("pwrite64", 18, 68);
    public static readonly SystemCall ArchitectureControl = new("arch_prctl", 158, null);
    public static readonly SystemCall ClockGetTime = new("clock_gettime", 228, 113);
    public static readonly SystemCall ExitGroup = new("exit_group", 231, 94);
    public static readonly SystemCall EpollWait = new("epoll_pwait", 281, 22);
    public static readonly SystemCall TimerSetTime = new("timerfd_settime", 286, 86);

    public uint? Number(ElfMachine machine) => machine == ElfMachine.Arm64 ? Arm64 : X64;
}
