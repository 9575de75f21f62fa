using System.Buffers.Binary;
using Morgana.Tender.Linux;

namespace Morgana.Tender.Hvt;

/// <summary>
/// The memory of a guest, as the host sees it. Whatever the guest names goes through the checks here; a region that the image
/// declares read-only is read-only for the host's writes on the guest's behalf as well.
/// </summary>
internal sealed unsafe class GuestMemory
{
    private readonly byte* start;
    private (ulong Start, ulong End)[] readOnly = [];

    /// <summary>Takes memory over.</summary>
    /// <param name="start">Where the host has mapped it.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="shared">Bytes above it that the guest shares with the host; no hypercall may name them.</param>
    public GuestMemory(byte* start, ulong size, ulong shared = 0)
    {
        this.start = start;
        Size = size;
        Mapped = size + shared;
    }

    /// <summary>Bytes of memory, from guest address 0.</summary>
    public ulong Size { get; }

    /// <summary>Bytes that are mapped for the guest, from guest address 0: its memory and what it shares with the host.</summary>
    public ulong Mapped { get; }

    /// <summary>What the guest shares with the host, right above its memory.</summary>
    public byte* Shared => start + Size;

    /// <summary>
    /// Makes regions read-only: for the guest, since its memory is what the host maps; and for calls on its behalf.
    /// </summary>
    /// <param name="regions">Whole pages.</param>
    /// <exception cref="TenderException">The host does not protect them.</exception>
    public void Protect((ulong Start, ulong End)[] regions)
    {
        readOnly = regions;
        foreach ((ulong from, ulong to) in regions)
        {
            if (LinuxCalls.Protect(start + from, (nuint)(to - from), LinuxCalls.ProtectRead) < 0)
            {
                throw new TenderException(
                    $"guest memory from 0x{from:x} to 0x{to:x} cannot be made read-only: {LinuxError.LastText}"
                );
            }
        }
    }

    /// <summary>Memory that the host itself places things in, before the guest runs.</summary>
    public Span<byte> Host(ulong address, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(address, Size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)length, Size - address);
        return new Span<byte>(start + address, length);
    }

    /// <summary>
    /// Writes on a debugger's behalf while the guest stands still, to memory that may be read-only. Changing a page's protection
    /// and back makes KVM map it anew, and with that KVM keeps the processor's instruction cache right.
    /// </summary>
    /// <param name="address">Where.</param>
    /// <param name="bytes">What; within the memory.</param>
    public void Patch(ulong address, ReadOnlySpan<byte> bytes)
    {
        Span<byte> at = Host(address, bytes.Length);
        Protect(address, bytes.Length, LinuxCalls.ProtectRead | LinuxCalls.ProtectWrite);
        bytes.CopyTo(at);
        Protect(address, bytes.Length, LinuxCalls.ProtectRead);
    }

    /// <summary>Gives another protection to those pages of a range that are read-only for the guest.</summary>
    private void Protect(ulong address, int length, int protection)
    {
        const ulong PageMask = 4095;
        foreach ((ulong from, ulong to) in readOnly)
        {
            ulong first = Math.Max(address, from) & ~PageMask;
            ulong end = Math.Min(address + (ulong)length, to) + PageMask & ~PageMask;
            if (
                first < end
                && LinuxCalls.Protect(start + first, (nuint)(end - first), protection) < 0
            )
            {
                throw new TenderException(
                    $"guest memory at 0x{first:x} cannot be patched: {LinuxError.LastText}"
                );
            }
        }
    }

    /// <summary>Where the host has mapped memory that a guest wants to be read.</summary>
    /// <param name="address">Where, as the guest said.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="what">What messages call it.</param>
    /// <exception cref="GuestLieException">It does not lie within the guest's memory.</exception>
    public byte* Readable(GuestAddress address, ulong length, string what)
    {
        if (address.Value >= Size || length > Size - address.Value)
        {
            throw new GuestLieException(
                $"{what}: {length} bytes at {address} are not within its memory of 0x{Size:x} bytes"
            );
        }

        return start + address.Value;
    }

    /// <summary>Where the host has mapped memory that a guest wants to be written.</summary>
    /// <param name="address">Where, as the guest said.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="what">What messages call it.</param>
    /// <exception cref="GuestLieException">It does not lie within the guest's memory, or may not be written.</exception>
    public byte* Writable(GuestAddress address, ulong length, string what)
    {
        byte* at = Readable(address, length, what);
        foreach ((ulong from, ulong to) in readOnly)
        {
            if (address.Value < to && address.Value + length > from)
            {
                throw new GuestLieException(
                    $"{what}: {length} bytes at {address} are read-only: 0x{from:x} to 0x{to:x}"
                );
            }
        }

        return at;
    }

    /// <summary>Reads a field of a hypercall's argument, whose whole length was checked.</summary>
    public static ulong Field(byte* argument, int offset) =>
        BinaryPrimitives.ReadUInt64LittleEndian(new ReadOnlySpan<byte>(argument + offset, 8));

    /// <summary>Writes a field of a hypercall's argument, whose whole length was checked.</summary>
    public static void SetField(byte* argument, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(argument + offset, 8), value);

    /// <summary>Writes the result of a hypercall.</summary>
    public static void SetResult(byte* argument, int offset, Solo5Result value) =>
        BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(argument + offset, 4), (int)value);
}
