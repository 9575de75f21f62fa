namespace Morgana.Elf;

/// <summary>A section header as it stands in the file.</summary>
/// <param name="Index">Its place in the table, from 0.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type"><c>sh_type</c>: 1 program bits, 2 symbols, 3 strings, 7 notes, 8 no bits ...</param>
/// <param name="Flags"><c>sh_flags</c>: 1 write, 2 in memory, 4 executable ...</param>
/// <param name="Address"><c>sh_addr</c>.</param>
/// <param name="Offset"><c>sh_offset</c>.</param>
/// <param name="Size"><c>sh_size</c>, in bytes.</param>
/// <param name="Link"><c>sh_link</c>: another section, by index.</param>
/// <param name="Alignment"><c>sh_addralign</c>.</param>
/// <param name="EntrySize"><c>sh_entsize</c>.</param>
public readonly record struct ElfSection(
    int Index,
    string Name,
    uint Type,
    ulong Flags,
    ulong Address,
    ulong Offset,
    ulong Size,
    uint Link,
    ulong Alignment,
    ulong EntrySize
)
{
    internal const uint ProgramBits = 1;
    internal const uint SymbolTable = 2;
    internal const uint StringTable = 3;
    internal const uint Notes = 7;
    internal const uint NoBits = 8;
    internal const ulong Allocated = 2;
    internal const ulong Executable = 4;

    /// <summary>True when the section holds instructions that are part of the program's memory.</summary>
    public bool IsCode =>
        Type == ProgramBits && (Flags & (Allocated | Executable)) == (Allocated | Executable);
}
