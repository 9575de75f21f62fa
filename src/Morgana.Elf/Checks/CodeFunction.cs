namespace Morgana.Elf;

/// <summary>A function of a code section.</summary>
/// <param name="Start">Its offset in the section, in bytes.</param>
/// <param name="Size">Its size in bytes; 0 when the symbol does not say.</param>
/// <param name="Name">Its name.</param>
internal readonly record struct CodeFunction(int Start, int Size, string Name);
