using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;
using Morgana.Tender.Linux;

namespace Morgana.Tender.Devices;

/// <summary>The epoll set and the timer that a guest waits with.</summary>
internal static unsafe class GuestEvents
{
    /// <summary>What an event of the timer carries in the epoll set; a device's event carries its handle.</summary>
    public const ulong TimerEvent = 0xfffffffe;

    /// <summary>What an event of the debugger's connection carries: it ends a wait, and is no device's.</summary>
    public const ulong DebuggerEvent = 0xfffffffd;

    /// <summary>Makes them.</summary>
    /// <param name="devices">The network devices among them wake the guest up.</param>
    /// <exception cref="TenderException">The kernel refuses.</exception>
    public static (int Epoll, int Timer) Create(IReadOnlyList<AttachedDevice> devices)
    {
        int epoll = LinuxCalls.EpollCreate(0);
        int timer = LinuxCalls.TimerCreate(LinuxCalls.ClockMonotonic, LinuxCalls.TimerNonBlocking);
        if (epoll < 0 || timer < 0)
        {
            throw new TenderException(
                $"no epoll set or timer: {LinuxError.LastText}; raise the limit of open files (ulimit -n)"
            );
        }

        Add(epoll, timer, TimerEvent, "the timer");
        foreach (AttachedDevice device in devices)
        {
            if (device.Block is null)
            {
                Add(
                    epoll,
                    device.Descriptor,
                    (ulong)device.Handle,
                    $"network device '{device.Name}'"
                );
            }
        }

        return (epoll, timer);
    }

    /// <summary>Adds a descriptor to the set.</summary>
    /// <exception cref="TenderException">It cannot be waited for.</exception>
    public static void Add(int epoll, int descriptor, ulong data, string what)
    {
        // The struct is packed on x86-64 only.
        Span<byte> entry = stackalloc byte[16];
        entry.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(entry, LinuxCalls.EpollIn);
        BinaryPrimitives.WriteUInt64LittleEndian(entry[(X86Base.IsSupported ? 4 : 8)..], data);
        fixed (byte* at = entry)
        {
            if (LinuxCalls.EpollControl(epoll, LinuxCalls.EpollAdd, descriptor, at) < 0)
            {
                throw new TenderException(
                    LinuxError.Last == LinuxError.Exists
                        ? $"{what}: descriptor {descriptor} stands for another device already; give each device its own"
                        : $"{what}: descriptor {descriptor} cannot be waited for: {LinuxError.LastText}; give a TAP device or a socket"
                );
            }
        }
    }
}
