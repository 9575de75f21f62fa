using System.Buffers.Binary;

namespace Morgana.Tender.Hvt;

/// <summary>
/// The translation tables that a guest starts with: memory one to one, nothing below the boot information, that read-only, all
/// above it writable and executable, and the gigabyte of the hypercalls as a device.
/// </summary>
internal static class Arm64Tables
{
    // Descriptors (Arm Architecture Reference Manual, VMSAv8-64, 4 KiB granule).
    private const ulong Table = 3;
    private const ulong Page = 3;
    private const ulong Block = 1;
    private const ulong Accessed = 1 << 10; // AF
    private const ulong InnerShareable = 3 << 8; // SH
    private const ulong ReadOnly = 1 << 7; // AP[2]
    private const ulong NeverAtEl1 = 1UL << 53; // PXN
    private const ulong NeverAtEl0 = 1UL << 54; // UXN
    private const ulong Device = 1 << 2; // AttrIndx: Device-nGnRE
    private const ulong Normal = 4 << 2; // AttrIndx: write-back

    private const ulong NormalMemory = Accessed | InnerShareable | Normal | NeverAtEl0;

    /// <summary>MAIR_EL1: what the attribute numbers of the descriptors mean; the numbers are those of solo5-hvt.</summary>
    public const ulong Attributes = 0x0000_bbff_440c_0400;

    /// <summary>Writes them.</summary>
    public static void Write(GuestMemory memory)
    {
        Entry(Arm64Layout.Level0, 0, Arm64Layout.Level1 | Table);
        for (int i = 0; i < 4; i++)
        {
            Entry(Arm64Layout.Level1, i, Arm64Layout.Level2 + 0x1000 * (ulong)i | Table);
        }

        Entry(
            Arm64Layout.Level1,
            (int)(HvtAbi.MmioBase >> 30),
            HvtAbi.MmioBase | Block | Accessed | InnerShareable | Device | NeverAtEl0 | NeverAtEl1
        );
        Entry(Arm64Layout.Level2, 0, Arm64Layout.Level3 | Table);
        for (ulong at = GuestLayout.BootInfo; at < GuestLayout.LargePage; at += 0x1000)
        {
            ulong access = at < GuestLayout.LowestImageAddress ? ReadOnly | NeverAtEl1 : 0;
            Entry(Arm64Layout.Level3, (int)(at >> 12), at | Page | NormalMemory | access);
        }

        for (ulong at = GuestLayout.LargePage; at < memory.Mapped; at += GuestLayout.LargePage)
        {
            Entry(Arm64Layout.Level2, (int)(at >> 21), at | Block | NormalMemory);
        }

        void Entry(ulong table, int index, ulong value) =>
            BinaryPrimitives.WriteUInt64LittleEndian(
                memory.Host(table + 8 * (ulong)index, 8),
                value
            );
    }
}
