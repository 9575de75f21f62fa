using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Morgana.Elf;
using Morgana.Tender.Linux;

namespace Morgana.Tender.Hvt;

/// <summary>
/// Whether a guest is offered the ring. Hypercalls are the default: where it was measured the ring was not faster (docs/performance.md). With
/// <c>MORGANA_HVT_RING=1</c> in the environment it is offered; with <c>MORGANA_HVT_RING=count</c> the tender also says at the guest's end how much it was used.
/// </summary>
internal static unsafe class RingOffer
{
    private const uint RingFeature = 1; // HVT_FEATURE_RING_IO
    private const int FeaturesOffset = 40;
    private const int AddressOffset = 48;

    /// <summary>Whether the use of it is to be told.</summary>
    public static bool IsCounted => IsWanted("count"u8);

    /// <summary>Bytes that it takes above the guest's memory; 0 when it is not offered.</summary>
    /// <param name="manifest">The image's devices.</param>
    /// <param name="memorySize">The guest's memory in bytes.</param>
    public static ulong Reserve(Manifest manifest, ulong memorySize)
    {
        return
            (IsWanted("1"u8) || IsCounted)
            && memorySize <= HvtAbi.LargestMemory - GuestLayout.LargePage
            && manifest.Devices.Any(device => device.Type == DeviceType.NetBasic)
            ? GuestLayout.LargePage
            : 0;
    }

    /// <summary>Writes the offer into the boot information.</summary>
    public static void Write(GuestMemory memory)
    {
        Span<byte> boot = memory.Host(GuestLayout.BootInfo, HvtAbi.BootInfoSize);
        BinaryPrimitives.WriteUInt32LittleEndian(boot[FeaturesOffset..], RingFeature);
        BinaryPrimitives.WriteUInt64LittleEndian(boot[AddressOffset..], memory.Size);
    }

    private static bool IsWanted(ReadOnlySpan<byte> how)
    {
        fixed (byte* name = "MORGANA_HVT_RING\0"u8)
        {
            byte* value = LinuxCalls.GetEnvironment(name);
            return value != null
                && how.SequenceEqual(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(value));
        }
    }
}
