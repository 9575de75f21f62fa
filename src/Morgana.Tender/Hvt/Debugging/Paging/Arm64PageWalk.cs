using System.Buffers.Binary;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>
/// Walks the page tables of an AArch64 guest as the processor would (Arm ARM, section D8.2), without caring for permissions:
/// the lower half of the address space, with pages of 4 KiB, as all bindings here have it.
/// </summary>
internal static class Arm64PageWalk
{
    private const ulong TranslationOn = 1; // SCTLR_EL1.M
    private const ulong AddressBits = 0x0000_ffff_ffff_f000;
    private const int SmallestSize = 16; // TCR_EL1.T0SZ: 48 bits of address
    private const int LargestSize = 39; // 25 bits

    /// <summary>Where an address lies in the machine's memory.</summary>
    /// <param name="memory">The machine's memory, in which the tables lie too.</param>
    /// <param name="control">SCTLR_EL1.</param>
    /// <param name="translation">TCR_EL1.</param>
    /// <param name="root">TTBR0_EL1.</param>
    /// <param name="address">The address.</param>
    /// <returns>Null when nothing is mapped there, or a table lies outside of memory.</returns>
    public static ulong? Translate(
        GuestMemory memory,
        ulong control,
        ulong translation,
        ulong root,
        ulong address
    )
    {
        if ((control & TranslationOn) == 0)
        {
            return address;
        }

        int size = (int)(translation & 63);
        bool hasSmallPages = (translation >> 14 & 3) == 0;
        if (!hasSmallPages || size is < SmallestSize or > LargestSize || address >> 64 - size != 0)
        {
            return null;
        }

        // Each level resolves 9 bits; the first one what is left of the address.
        int levels = (64 - size - 12 + 8) / 9;
        ulong table = root & AddressBits;
        for (int shift = 12 + 9 * (levels - 1); shift >= 12; shift -= 9)
        {
            ulong at = table + 8 * (address >> shift & 511);
            if (memory.Size < 8 || at > memory.Size - 8)
            {
                return null;
            }

            ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(memory.Host(at, 8));
            bool isTable = (entry & 2) != 0;
            if ((entry & 1) == 0 || shift == 12 && !isTable || shift > 30 && !isTable)
            {
                return null;
            }

            if (shift == 12 || !isTable)
            {
                ulong within = (1UL << shift) - 1;
                return entry & AddressBits & ~within | address & within;
            }

            table = entry & AddressBits;
        }

        return null;
    }
}
