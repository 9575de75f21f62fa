using Morgana.Tender.Devices;
using Morgana.Tender.Linux;

namespace Morgana.Tender.Hvt;

/// <summary>Reads and writes frames for a guest, however it asked: by a hypercall or through the ring. Nothing here allocates.</summary>
internal static unsafe class NetworkCalls
{
    /// <summary>Bytes of an ethernet header, which the MTU does not count.</summary>
    public const int EthernetHeader = 14;

    /// <summary>More than any frame.</summary>
    public const int LargestFrame = 1 << 16;

    /// <summary>Sends a frame.</summary>
    /// <exception cref="GuestLieException">It does not lie within the guest's memory.</exception>
    public static Solo5Result Write(
        AttachedDevice? device,
        GuestMemory memory,
        GuestAddress address,
        ulong length
    )
    {
        if (device is null or { Block: not null } || length > (ulong)device.Mtu + EthernetHeader)
        {
            return Solo5Result.Invalid;
        }

        byte* frame = memory.Readable(address, length, "net_write");
        nint count = LinuxCalls.Write(device.Descriptor, frame, (nuint)length);
        // A host whose queue is full drops frames, as networks do.
        bool done = count == (nint)length || LinuxError.Last == LinuxError.TryAgain;
        return done ? Solo5Result.Ok : Solo5Result.Unspecified;
    }

    /// <summary>Takes a frame that has arrived.</summary>
    /// <param name="device">The device.</param>
    /// <param name="memory">The guest's memory.</param>
    /// <param name="address">Where the guest wants it.</param>
    /// <param name="length">How much fits there; then, when there is a frame, its length.</param>
    /// <exception cref="GuestLieException">It is not to lie within the guest's memory, or where that is read-only.</exception>
    public static Solo5Result Read(
        AttachedDevice? device,
        GuestMemory memory,
        GuestAddress address,
        ref ulong length
    )
    {
        ulong most = Math.Min(length, LargestFrame);
        if (device is null or { Block: not null } || most == 0)
        {
            return Solo5Result.Invalid;
        }

        byte* frame = memory.Writable(address, most, "net_read");
        nint count = LinuxCalls.Read(device.Descriptor, frame, (nuint)most);
        if (count > 0)
        {
            length = (ulong)count;
            return Solo5Result.Ok;
        }

        return count == 0 || LinuxError.Last == LinuxError.TryAgain
            ? Solo5Result.Again
            : Solo5Result.Unspecified;
    }
}
