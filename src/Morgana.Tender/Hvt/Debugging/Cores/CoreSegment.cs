using Morgana.Elf;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>A range of guest memory in a core file, in whole pages.</summary>
/// <param name="Address">Where it begins in the guest.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Flags">What the guest may do with it.</param>
internal readonly record struct CoreSegment(ulong Address, ulong Size, ElfSegmentFlags Flags);
