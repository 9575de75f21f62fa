using Morgana.Elf;
using Morgana.Tender.Loading;

namespace Morgana.Tender.Hvt;

/// <summary>The numbers of the Solo5 hvt ABI (<c>hvt_abi.h</c>) that the tender and the guest share; see docs/abi.md.</summary>
internal static class HvtAbi
{
    /// <summary>The version this tender speaks.</summary>
    public const uint Version = 2;

    /// <summary>Hypercall <c>n</c> is a 32-bit write to this I/O port plus <c>n</c>, on x86-64.</summary>
    public const ushort PortBase = 0x500;

    /// <summary>Hypercall <c>n</c> is a 32-bit write to this address plus <c>8n</c>, on AArch64.</summary>
    public const ulong MmioBase = 0x1_0000_0000;

    /// <summary>A 32-bit write to this I/O port wakes the thread of the network ring, on x86-64.</summary>
    public const ushort RingPort = 0x600;

    /// <summary>A 32-bit write to this address does, on AArch64.</summary>
    public const ulong RingMmio = MmioBase + 0x100;

    /// <summary>Bytes of the boot information: five fields of 8 bytes, two of 4, one of 8.</summary>
    public const int BootInfoSize = 56;

    /// <summary>What a guest that halts with a cookie must have there, in bytes.</summary>
    public const int CookieSize = 512;

    /// <summary>The end of the largest guest memory: pointers in hypercalls have 32 bits.</summary>
    public const ulong LargestMemory = 0x1_0000_0000;

    /// <summary>What the hvt tender asks of an image.</summary>
    public static GuestFormat Format { get; } =
        new()
        {
            Target = AbiTarget.Hvt,
            Name = "hvt",
            Version = Version,
            LargestMemory = LargestMemory,
        };
}
