namespace Morgana.Elf;

/// <summary>A section of instructions and the functions in it.</summary>
/// <param name="Section">Its header.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Functions">Its functions in the order of their starts.</param>
internal sealed record CodeSection(ElfSection Section, byte[] Bytes, CodeFunction[] Functions)
{
    public SystemCallSite Site(int offset, string instruction, bool certain) =>
        new(Section.Address + (ulong)offset, instruction, Section.Name, NameAt(offset), certain);

    /// <summary>The function that covers an offset.</summary>
    private string? NameAt(int offset)
    {
        for (int i = Functions.Length - 1; i >= 0; i--)
        {
            CodeFunction function = Functions[i];
            if (
                function.Start <= offset
                && (function.Size == 0 || offset < function.Start + function.Size)
            )
            {
                return function.Name;
            }
        }

        return null;
    }
}
