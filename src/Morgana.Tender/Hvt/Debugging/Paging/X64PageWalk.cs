using System.Buffers.Binary;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>Walks the page tables of an x86-64 guest as the processor would (Intel SDM volume 3A, section 4.5), without caring for permissions.</summary>
internal static class X64PageWalk
{
    private const ulong PagingOn = 1UL << 31; // CR0.PG
    private const ulong Present = 1;
    private const ulong Large = 1 << 7;
    private const ulong AddressBits = 0x000f_ffff_ffff_f000;

    /// <summary>Where an address lies in the machine's memory.</summary>
    /// <param name="memory">The machine's memory, in which the tables lie too.</param>
    /// <param name="cr0">The processor's register.</param>
    /// <param name="cr3">The processor's register.</param>
    /// <param name="address">The address.</param>
    /// <returns>Null when nothing is mapped there, or a table lies outside of memory.</returns>
    public static ulong? Translate(GuestMemory memory, ulong cr0, ulong cr3, ulong address)
    {
        if ((cr0 & PagingOn) == 0)
        {
            return address;
        }

        // Bits 47 and above are all the same in an address that can be.
        if ((long)(address << 16) >> 16 != (long)address)
        {
            return null;
        }

        ulong table = cr3 & AddressBits;
        for (int shift = 39; shift >= 12; shift -= 9)
        {
            ulong at = table + 8 * (address >> shift & 511);
            if (memory.Size < 8 || at > memory.Size - 8)
            {
                return null;
            }

            ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(memory.Host(at, 8));
            if ((entry & Present) == 0)
            {
                return null;
            }

            if (shift == 12 || shift <= 30 && (entry & Large) != 0)
            {
                ulong within = (1UL << shift) - 1;
                return entry & AddressBits & ~within | address & within;
            }

            table = entry & AddressBits;
        }

        return null;
    }
}
