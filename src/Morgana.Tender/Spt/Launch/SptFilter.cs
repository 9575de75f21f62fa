using Morgana.Tender.Devices;
using Morgana.Tender.Loading;
using Morgana.Tender.Seccomp;

namespace Morgana.Tender.Spt;

/// <summary>The system calls that a guest under spt may make. docs/abi.md has the same list in words.</summary>
internal static class SptFilter
{
    private const uint SetFsBase = 0x1002; // ARCH_SET_FS
    private const ulong ReadWrite = 3; // PROT_READ | PROT_WRITE
    private const ulong AbsoluteTime = 1; // TFD_TIMER_ABSTIME
    private const ulong MostEvents = 64; // 63 devices and the timer
    private const ulong EthernetHeader = 14;

    /// <summary>Makes the rules for one guest.</summary>
    /// <param name="epollDescriptor">The epoll set.</param>
    /// <param name="timerDescriptor">The timer.</param>
    /// <param name="devices">The attached devices.</param>
    /// <param name="granted">What is granted beyond Solo5, bits of <see cref="MorganaNote"/>.</param>
    /// <param name="imageEnd">The first address above the image.</param>
    /// <param name="memorySize">The end of guest memory.</param>
    public static List<SeccompRule> Rules(
        int epollDescriptor,
        int timerDescriptor,
        IReadOnlyList<AttachedDevice> devices,
        uint granted,
        ulong imageEnd,
        ulong memorySize
    )
    {
        // Calls of the packet path first: the filter goes through them in this order.
        var rules = new List<SeccompRule>();
        foreach (AttachedDevice device in devices)
        {
            if (device.Block is null)
            {
                AddNetwork(rules, device);
            }
        }

        rules.Add(
            new(
                SystemCall.Write,
                [ArgumentCheck.Is(0, 1)],
                "solo5_console_write: the console is the tender's standard output, whatever the length"
            )
        );
        rules.Add(
            new(
                SystemCall.EpollWait,
                [
                    ArgumentCheck.Is(0, (ulong)epollDescriptor),
                    ArgumentCheck.AtMost(2, MostEvents),
                    ArgumentCheck.Is(4, 0),
                ],
                "solo5_yield: wait for devices and the timer, all of which the tender put into the set; without a signal mask, which is the tender's business"
            )
        );
        rules.Add(
            new(
                SystemCall.TimerSetTime,
                [
                    ArgumentCheck.Is(0, (ulong)timerDescriptor),
                    ArgumentCheck.Is(1, AbsoluteTime),
                    ArgumentCheck.Is(3, 0),
                ],
                "solo5_yield: set the deadline on the guest's own timer, absolute as the bindings do"
            )
        );
        rules.Add(
            new(
                SystemCall.ClockGetTime,
                [ArgumentCheck.Is(0, 1)],
                "solo5_clock_monotonic: CLOCK_MONOTONIC; the vdso is not there"
            )
        );
        rules.Add(
            new(
                SystemCall.ClockGetTime,
                [ArgumentCheck.Is(0, 0)],
                "solo5_clock_wall: CLOCK_REALTIME; the vdso is not there"
            )
        );
        foreach (AttachedDevice device in devices)
        {
            if (device.Block is not null)
            {
                AddBlock(rules, device);
            }
        }

        rules.Add(
            new(
                SystemCall.ArchitectureControl,
                [ArgumentCheck.Is(0, SetFsBase)],
                "solo5_set_tls_base: without FSGSBASE only the kernel can set the base of FS; the other codes stay forbidden"
            )
        );
        rules.Add(
            new(
                SystemCall.ExitGroup,
                [],
                "solo5_exit and solo5_abort: a guest may always end, with any status"
            )
        );
        if ((granted & MorganaNote.GrantedFaults) != 0)
        {
            rules.Add(
                new(
                    SystemCall.SignalReturn,
                    [],
                    "the end of the image's fault handler: it restores registers that the guest could have set anyway"
                )
            );
        }

        if ((granted & MorganaNote.GrantedGuards) != 0)
        {
            AddGuard(
                rules,
                imageEnd,
                memorySize,
                0,
                "guard page: take a page of heap or stack away, to notice overflow"
            );
            AddGuard(
                rules,
                imageEnd,
                memorySize,
                ReadWrite,
                "guard page: give it back as data; never executable"
            );
        }

        return rules;
    }

    private static void AddNetwork(List<SeccompRule> rules, AttachedDevice device)
    {
        ArgumentCheck descriptor = ArgumentCheck.Is(0, (ulong)device.Descriptor);
        rules.Add(
            new(
                SystemCall.Read,
                [descriptor],
                $"solo5_net_read on '{device.Name}': a frame into the guest's own memory; the kernel never writes more than the frame"
            )
        );
        rules.Add(
            new(
                SystemCall.Write,
                [descriptor, ArgumentCheck.AtMost(2, device.Mtu + EthernetHeader)],
                $"solo5_net_write on '{device.Name}': a frame of at most the MTU and the ethernet header, the API's bound"
            )
        );
    }

    private static void AddBlock(List<SeccompRule> rules, AttachedDevice device)
    {
        BlockGeometry block = device.Block!.Value;
        ArgumentCheck[] checks =
        [
            ArgumentCheck.Is(0, (ulong)device.Descriptor),
            ArgumentCheck.Is(2, block.BlockSize),
            ArgumentCheck.AtMost(3, block.Capacity - block.BlockSize),
        ];
        rules.Add(
            new(
                SystemCall.ReadAt,
                checks,
                $"solo5_block_read on '{device.Name}': one block that lies wholly on the device"
            )
        );
        rules.Add(
            new(
                SystemCall.WriteAt,
                checks,
                $"solo5_block_write on '{device.Name}': one block that lies wholly on the device, so that a file never grows"
            )
        );
    }

    private static void AddGuard(
        List<SeccompRule> rules,
        ulong imageEnd,
        ulong memorySize,
        ulong protection,
        string reason
    ) =>
        rules.Add(
            new(
                SystemCall.MemoryProtect,
                [
                    ArgumentCheck.AtLeast(0, imageEnd),
                    ArgumentCheck.AtMost(0, memorySize - SptAbi.PageSize),
                    ArgumentCheck.MultipleOf(0, (uint)SptAbi.PageSize),
                    ArgumentCheck.Is(1, SptAbi.PageSize),
                    ArgumentCheck.Is(2, protection),
                ],
                reason
            )
        );
}
