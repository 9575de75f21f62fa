namespace Morgana.Elf;

/// <summary>A program header as it stands in the file: no field is checked against anything yet.</summary>
/// <param name="Index">Its place in the table, from 0.</param>
/// <param name="Type"><c>p_type</c>.</param>
/// <param name="Flags"><c>p_flags</c>.</param>
/// <param name="Offset"><c>p_offset</c>: first byte in the file.</param>
/// <param name="Address"><c>p_vaddr</c>: where it goes in memory.</param>
/// <param name="FileSize"><c>p_filesz</c>: bytes in the file.</param>
/// <param name="MemorySize"><c>p_memsz</c>: bytes in memory; what exceeds the file's bytes is zero.</param>
/// <param name="Alignment"><c>p_align</c>: a power of two, 0 or 1 for none.</param>
public readonly record struct ElfSegment(
    int Index,
    ElfSegmentType Type,
    ElfSegmentFlags Flags,
    ulong Offset,
    ulong Address,
    ulong FileSize,
    ulong MemorySize,
    ulong Alignment
);
