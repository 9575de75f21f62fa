using System.Buffers.Binary;
using System.Runtime.Intrinsics.X86;
using Morgana.Tender.Devices;
using Morgana.Tender.Linux;

namespace Morgana.Tender.Hvt;

/// <summary>
/// Carries hypercalls out. The guest stands still meanwhile, so what was checked stays true until the call is done. Nothing
/// here allocates.
/// </summary>
internal sealed unsafe class HypercallHandler(
    GuestMemory memory,
    AttachedDevice[] devices,
    int epoll,
    int timer
)
{
    private const int MostEvents = 64;
    private const ulong Second = 1_000_000_000;

    // The kernel packs the struct on x86-64 only.
    private static readonly int EventSize = X86Base.IsSupported ? 12 : 16;
    private static readonly int EventData = X86Base.IsSupported ? 4 : 8;

    /// <summary>Where the guest has left what it ended by, when it halted with that: within its memory; null when not.</summary>
    public GuestAddress? Cookie { get; private set; }

    /// <summary>Calls so far that read or wrote a frame.</summary>
    public ulong NetworkCount { get; private set; }

    /// <summary>Carries one out.</summary>
    /// <param name="call">Its number, as the guest gave it.</param>
    /// <param name="argument">Address of its argument, as the guest gave it.</param>
    /// <param name="status">The guest's exit status, when it halts.</param>
    /// <returns>True when the guest halts.</returns>
    /// <exception cref="GuestLieException">The call means nothing.</exception>
    public bool Handle(uint call, GuestAddress argument, out int status)
    {
        status = 0;
        switch ((Hypercall)call)
        {
            case Hypercall.WallTime:
                WallTime(memory.Writable(argument, 8, "walltime"));
                return false;
            case Hypercall.Puts:
                Puts(memory.Readable(argument, 16, "puts"));
                return false;
            case Hypercall.Poll:
                Poll(memory.Writable(argument, 24, "poll"));
                return false;
            case Hypercall.BlockWrite:
                BlockWrite(memory.Writable(argument, 40, "block_write"));
                return false;
            case Hypercall.BlockRead:
                BlockRead(memory.Writable(argument, 40, "block_read"));
                return false;
            case Hypercall.NetWrite:
                NetworkCount++;
                NetWrite(memory.Writable(argument, 32, "net_write"));
                return false;
            case Hypercall.NetRead:
                NetworkCount++;
                NetRead(memory.Writable(argument, 32, "net_read"));
                return false;
            case Hypercall.Halt:
                status = Halt(memory.Readable(argument, 16, "halt"));
                return true;
            default:
                throw new GuestLieException($"there is no hypercall {call}");
        }
    }

    private static void WallTime(byte* argument)
    {
        LinuxTime time;
        _ = LinuxCalls.ClockGetTime(0, &time);
        GuestMemory.SetField(argument, 0, (ulong)time.Seconds * Second + (ulong)time.Nanoseconds);
    }

    private void Puts(byte* argument)
    {
        ulong length = GuestMemory.Field(argument, 8);
        byte* text = memory.Readable(new(GuestMemory.Field(argument, 0)), length, "puts");
        // A console that is gone is the user's business: the guest goes on, as with spt.
        _ = LinuxFile.WriteAll(1, text, length);
    }

    private void Poll(byte* argument)
    {
        ulong wait = GuestMemory.Field(argument, 0);
        LinuxTimerSetting setting = default;
        setting.Value.Seconds = (long)(wait / Second);
        // A value of zero would stop the timer, and the wait would have no end.
        setting.Value.Nanoseconds = (long)(wait % Second) | 1;
        if (LinuxCalls.TimerSetTime(timer, 0, &setting, null) < 0)
        {
            throw new GuestLieException($"poll: a wait of {wait} ns: {LinuxError.LastText}");
        }

        byte* events = stackalloc byte[MostEvents * 16];
        int count;
        do
        {
            count = LinuxCalls.EpollWait(epoll, events, MostEvents, -1, null);
        } while (count < 0 && LinuxError.Last == LinuxError.Interrupted);
        ulong ready = 0;
        int devicesReady = 0;
        for (int i = 0; i < count; i++)
        {
            ulong data = BinaryPrimitives.ReadUInt64LittleEndian(
                new ReadOnlySpan<byte>(events + i * EventSize + EventData, 8)
            );
            if (data is not (GuestEvents.TimerEvent or GuestEvents.DebuggerEvent))
            {
                ready |= 1UL << (int)data;
                devicesReady++;
            }
        }

        GuestMemory.SetField(argument, 8, ready);
        BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(argument + 16, 4), devicesReady);
    }

    private void BlockWrite(byte* argument)
    {
        if (!TryBlock(argument, out AttachedDevice? device, out ulong offset, out ulong length))
        {
            GuestMemory.SetResult(argument, 32, Solo5Result.Invalid);
            return;
        }

        byte* data = memory.Readable(new(GuestMemory.Field(argument, 16)), length, "block_write");
        nint count = LinuxCalls.Pwrite(device.Descriptor, data, (nuint)length, (long)offset);
        GuestMemory.SetResult(
            argument,
            32,
            count == (nint)length ? Solo5Result.Ok : Solo5Result.Unspecified
        );
    }

    private void BlockRead(byte* argument)
    {
        if (!TryBlock(argument, out AttachedDevice? device, out ulong offset, out ulong length))
        {
            GuestMemory.SetResult(argument, 32, Solo5Result.Invalid);
            return;
        }

        byte* data = memory.Writable(new(GuestMemory.Field(argument, 16)), length, "block_read");
        nint count = LinuxCalls.Pread(device.Descriptor, data, (nuint)length, (long)offset);
        GuestMemory.SetResult(
            argument,
            32,
            count == (nint)length ? Solo5Result.Ok : Solo5Result.Unspecified
        );
    }

    private bool TryBlock(
        byte* argument,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out AttachedDevice? device,
        out ulong offset,
        out ulong length
    )
    {
        offset = GuestMemory.Field(argument, 8);
        length = GuestMemory.Field(argument, 24);
        device = Device(GuestMemory.Field(argument, 0));
        return device?.Block is BlockGeometry block
            && length != 0
            && length <= block.Capacity
            && offset <= block.Capacity - length
            && (offset | length) % block.BlockSize == 0;
    }

    private void NetWrite(byte* argument)
    {
        Solo5Result result = NetworkCalls.Write(
            Device(GuestMemory.Field(argument, 0)),
            memory,
            new(GuestMemory.Field(argument, 8)),
            GuestMemory.Field(argument, 16)
        );
        GuestMemory.SetResult(argument, 24, result);
    }

    private void NetRead(byte* argument)
    {
        ulong length = GuestMemory.Field(argument, 16);
        Solo5Result result = NetworkCalls.Read(
            Device(GuestMemory.Field(argument, 0)),
            memory,
            new(GuestMemory.Field(argument, 8)),
            ref length
        );
        if (result == Solo5Result.Ok)
        {
            GuestMemory.SetField(argument, 16, length);
        }

        GuestMemory.SetResult(argument, 24, result);
    }

    private int Halt(byte* argument)
    {
        GuestAddress cookie = new(GuestMemory.Field(argument, 0));
        if (cookie.Value != 0)
        {
            _ = memory.Readable(cookie, HvtAbi.CookieSize, "halt: the cookie");
            Cookie = cookie;
        }

        return BinaryPrimitives.ReadInt32LittleEndian(new ReadOnlySpan<byte>(argument + 8, 4));
    }

    private AttachedDevice? Device(ulong handle) =>
        handle - 1 < (ulong)devices.Length ? devices[handle - 1] : null;
}
