namespace Morgana.Elf;

/// <summary>An instruction that enters the kernel, where it must not stand.</summary>
/// <param name="Address">Its address in the image, or its offset in the section of an object.</param>
/// <param name="Instruction">Which one: "syscall", "sysenter", "int 0x80" or "svc".</param>
/// <param name="Section">The section it stands in.</param>
/// <param name="Symbol">The function it stands in; null when no symbol covers it.</param>
/// <param name="Certain">
/// True when the instructions from the function's start lead to it; false when they could not be followed that far (data among
/// the code, or an instruction that the decoder does not know) and only the bytes were found.
/// </param>
public sealed record SystemCallSite(
    ulong Address,
    string Instruction,
    string Section,
    string? Symbol,
    bool Certain
)
{
    /// <summary>One line for people: "syscall at 0x101234 in write (.text)".</summary>
    public override string ToString() =>
        $"{Instruction} at 0x{Address:x} in {Symbol ?? "code without a symbol"} ({Section}){(Certain ? "" : ", found by its bytes only")}";
}
