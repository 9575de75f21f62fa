using System.Runtime.InteropServices;
using Morgana.Tender.Devices;
using Morgana.Tender.Linux;
using Morgana.Tender.Loading;
using Morgana.Tender.Seccomp;

namespace Morgana.Tender.Hvt;

/// <summary>
/// What the tender gives up before the guest's first instruction: privileges it could gain, capabilities, and every system call
/// but those that hypercalls need and those that .NET's runtime may still make.
/// </summary>
internal static unsafe class HvtSandbox
{
    private const int Dumpable = 4; // PR_SET_DUMPABLE
    private const ulong PrivateExpedited = 8; // MEMBARRIER_CMD_PRIVATE_EXPEDITED
    private const uint FilterMode = 1; // SECCOMP_SET_MODE_FILTER
    private const uint AllThreads = 1; // SECCOMP_FILTER_FLAG_TSYNC

    /// <summary>The system calls that stay, each with its reason. Frequent ones go first.</summary>
    public static List<SeccompRule> Rules(
        int cpu,
        nuint readRegisters,
        int epoll,
        int timer,
        IReadOnlyList<AttachedDevice> devices,
        int? kick = null
    )
    {
        List<SeccompRule> rules =
        [
            new(
                SystemCall.DeviceControl,
                [ArgumentCheck.Is(0, (ulong)cpu), ArgumentCheck.Is(1, KvmRequest.Run)],
                "run the guest"
            ),
            new(
                SystemCall.DeviceControl,
                [ArgumentCheck.Is(0, (ulong)cpu), ArgumentCheck.Is(1, readRegisters)],
                "say where a guest was that had to be ended"
            ),
        ];
        foreach (AttachedDevice device in devices)
        {
            ArgumentCheck descriptor = ArgumentCheck.Is(0, (ulong)device.Descriptor);
            if (device.Block is BlockGeometry block)
            {
                ArgumentCheck[] checks =
                [
                    descriptor,
                    ArgumentCheck.AtMost(2, block.Capacity),
                    ArgumentCheck.AtMost(3, block.Capacity - block.BlockSize),
                ];
                rules.Add(
                    new(
                        SystemCall.ReadAt,
                        checks,
                        $"block_read on '{device.Name}', which begins on the device"
                    )
                );
                rules.Add(
                    new(
                        SystemCall.WriteAt,
                        checks,
                        $"block_write on '{device.Name}'; the handler has checked that it ends on the device"
                    )
                );
            }
            else
            {
                rules.Add(
                    new(
                        SystemCall.Read,
                        [descriptor, ArgumentCheck.AtMost(2, NetworkCalls.LargestFrame)],
                        $"net_read on '{device.Name}': a frame"
                    )
                );
                rules.Add(
                    new(
                        SystemCall.Write,
                        [
                            descriptor,
                            ArgumentCheck.AtMost(
                                2,
                                device.Mtu + (ulong)NetworkCalls.EthernetHeader
                            ),
                        ],
                        $"net_write on '{device.Name}': a frame of at most the MTU and the ethernet header"
                    )
                );
            }
        }

        if (kick is int wakes)
        {
            rules.Add(
                new(
                    SystemCall.Read,
                    [ArgumentCheck.Is(0, (ulong)wakes), ArgumentCheck.Is(2, sizeof(ulong))],
                    "the ring's thread waits for the guest's kick"
                )
            );
        }

        rules.AddRange([
            new(
                SystemCall.EpollWait,
                [ArgumentCheck.Is(0, (ulong)epoll)],
                "poll: wait for devices and the timer, all of which the tender put into the set"
            ),
            new(
                SystemCall.TimerSetTime,
                [ArgumentCheck.Is(0, (ulong)timer)],
                "poll: set the guest's deadline"
            ),
            new(
                SystemCall.ClockGetTime,
                [ArgumentCheck.AtMost(0, 1)],
                "walltime, where the vdso has no clock"
            ),
            new(
                SystemCall.Write,
                [ArgumentCheck.Is(0, 1)],
                "puts: the console is the tender's standard output"
            ),
            new(
                SystemCall.Write,
                [ArgumentCheck.Is(0, 2)],
                "the tender's own message about a guest that it ends"
            ),
            new(SystemCall.ExitGroup, [], "the guest's end is the tender's"),
            new(SystemCall.Exit, [], "a thread of .NET's runtime that ends"),
            new(
                SystemCall.Futex,
                [],
                ".NET's runtime: its threads wait for each other; memory of this process only"
            ),
            new(
                SystemCall.MemoryBarrier,
                [ArgumentCheck.Is(0, PrivateExpedited), ArgumentCheck.Is(1, 0)],
                ".NET's runtime: a collection stops the other threads; this process only"
            ),
            new(
                SystemCall.OpenAt,
                [],
                ".NET's runtime: a collection looks for /proc/meminfo and does without",
                Refusal: LinuxError.AccessDenied
            ),
            new(
                SystemCall.SystemInformation,
                [],
                ".NET's runtime: then it asks how much memory the machine has"
            ),
            new(
                SystemCall.ProcessLimit,
                [ArgumentCheck.Is(0, 0), ArgumentCheck.Is(2, 0)],
                ".NET's runtime: and how much of it this process may have; nothing can be set"
            ),
            new(SystemCall.SchedulerYield, [], ".NET's runtime: a lock that is taken"),
            new(
                SystemCall.MemoryAdvise,
                [],
                ".NET's runtime: memory of the collector that is given back"
            ),
            new(
                SystemCall.MemoryUnmap,
                [],
                ".NET's runtime: memory of the collector that is given back"
            ),
            new(
                SystemCall.MemoryMap,
                [ArgumentCheck.AtMost(2, 3), ArgumentCheck.Is(4, uint.MaxValue)],
                ".NET's runtime: more memory, without a file behind it and never executable"
            ),
            new(
                SystemCall.MemoryMap,
                [ArgumentCheck.AtMost(2, 3), ArgumentCheck.Is(4, ulong.MaxValue)],
                "the same, with the descriptor -1 in all 64 bits"
            ),
            new(
                SystemCall.MemoryProtect,
                [ArgumentCheck.AtMost(2, 3)],
                ".NET's runtime: reserved memory that is used; never executable"
            ),
            new(SystemCall.SignalReturn, [], ".NET's runtime: the end of a signal handler"),
            new(SystemCall.SignalMask, [], ".NET's runtime: signals held back while a thread ends"),
        ]);
        return rules;
    }

    /// <summary>Gives everything up, for all threads: there is no way back.</summary>
    /// <param name="rules">The system calls that stay.</param>
    /// <param name="folder">A folder, by its descriptor, in which a file may still get a name; null for none.</param>
    /// <param name="descriptors">The descriptors that stay, besides the console and standard error.</param>
    /// <exception cref="TenderException">The kernel does not take it.</exception>
    public static void Enter(
        List<SeccompRule> rules,
        int? folder,
        params ReadOnlySpan<int> descriptors
    )
    {
        // No core file with the guest's memory and keys in it, and no debugger of the same user.
        _ = LinuxCalls.ProcessControl(Dumpable, 0, 0, 0, 0);
        OpenDescriptors.CloseAllBut([1, 2, .. descriptors]);
        RuntimeThread.Do(() => Privileges.GiveUp());
        Privileges.GiveUp(folder);

        BpfInstruction[] program = SeccompFilter.Assemble(rules, GuestImage.HostMachine);
        fixed (BpfInstruction* instructions = program)
        {
            // struct sock_fprog
            FilterProgram filter = new()
            {
                Length = (ushort)program.Length,
                Instructions = instructions,
            };
            if (LinuxCalls.SecureComputing(FilterMode, AllThreads, &filter) != 0)
            {
                throw new TenderException(
                    $"the kernel does not take the filter of system calls: {LinuxError.LastText}; it needs CONFIG_SECCOMP_FILTER"
                );
            }
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct FilterProgram
    {
        public ushort Length;
        public BpfInstruction* Instructions;
    }
}
