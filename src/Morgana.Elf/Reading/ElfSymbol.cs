namespace Morgana.Elf;

/// <summary>A symbol of the symbol table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Low four bits of <c>st_info</c>: 0 none, 1 object, 2 function, 3 section, 4 file.</param>
/// <param name="SectionIndex"><c>st_shndx</c>.</param>
/// <param name="Value"><c>st_value</c>: an address in an executable, an offset in an object.</param>
/// <param name="Size"><c>st_size</c>, in bytes; 0 when not known.</param>
/// <param name="Binding">High four bits of <c>st_info</c>: 0 local, 1 global, 2 weak.</param>
public readonly record struct ElfSymbol(
    string Name,
    byte Type,
    ushort SectionIndex,
    ulong Value,
    ulong Size,
    byte Binding = 0
)
{
    internal const byte Function = 2;
}
