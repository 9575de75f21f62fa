using Morgana.Elf;

namespace Morgana.Tender.Loading;

/// <summary>A checked segment of an image.</summary>
/// <param name="Address">Where its bytes go.</param>
/// <param name="FileOffset">Where they are in the file.</param>
/// <param name="FileSize">How many they are; the rest of its memory is zero.</param>
/// <param name="Start">First page.</param>
/// <param name="End">First page behind it.</param>
/// <param name="Flags">Its protection: never both writable and executable.</param>
internal readonly record struct GuestSegment(
    ulong Address,
    ulong FileOffset,
    ulong FileSize,
    ulong Start,
    ulong End,
    ElfSegmentFlags Flags
)
{
    public bool Contains(ulong address, ulong size) =>
        address >= Start && address < End && size <= End - address;
}
