namespace Morgana.Elf;

/// <summary>
/// The link-time check that only the bindings enter the kernel: everything else in an image must go through them, or it would be
/// killed by the tender's filter in the best case.
/// </summary>
public static class ImageCheck
{
    /// <summary>The symbol where the bindings' system calls begin in a linked image.</summary>
    public const string StartSymbol = "__morgana_syscall_start";

    /// <summary>The symbol behind the bindings' last system call.</summary>
    public const string EndSymbol = "__morgana_syscall_end";

    /// <summary>The section that holds the bindings' system calls in object files.</summary>
    public const string SectionName = ".text.morgana.syscall";

    /// <summary>
    /// Finds system call instructions outside of the bindings: outside of <see cref="StartSymbol"/> to <see cref="EndSymbol"/> in a linked
    /// image, outside of sections called <see cref="SectionName"/> in an object.
    /// </summary>
    /// <param name="elf">An unstripped image or object, x86-64 or AArch64.</param>
    /// <returns>What was found, in the order of sections and addresses; empty when the image is right.</returns>
    /// <exception cref="ElfException">It is not an ELF file, or malformed, or for another architecture.</exception>
    public static IReadOnlyList<SystemCallSite> FindSystemCalls(ReadOnlySpan<byte> elf) =>
        FindSystemCalls(ElfFile.Read(new MemoryElfSource("image", elf.ToArray())));

    /// <inheritdoc cref="FindSystemCalls(ReadOnlySpan{byte})"/>
    /// <param name="file">An unstripped image or object, x86-64 or AArch64.</param>
    public static IReadOnlyList<SystemCallSite> FindSystemCalls(ElfFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (file.Machine is not (ElfMachine.X64 or ElfMachine.Arm64))
        {
            throw new ElfException(
                $"{file.Source.Name}: instructions of ELF machine {(int)file.Machine} are not known, only those of x86-64 and AArch64"
            );
        }

        ElfSymbol[] symbols = file.ReadSymbols();
        (ulong allowedStart, ulong allowedEnd) = AllowedRange(file, symbols);
        var sites = new List<SystemCallSite>();
        foreach (ElfSection section in file.ReadSections())
        {
            if (section.IsCode && section.Name != SectionName)
            {
                var code = new CodeSection(
                    section,
                    file.ReadSection(section),
                    Functions(file, section, symbols)
                );
                if (file.Machine == ElfMachine.X64)
                {
                    X64SystemCalls.Find(code, sites);
                }
                else
                {
                    Arm64SystemCalls.Find(code, DataRanges(file, section, symbols), sites);
                }
            }
        }

        _ = sites.RemoveAll(site => site.Address >= allowedStart && site.Address < allowedEnd);
        return sites;
    }

    private static (ulong Start, ulong End) AllowedRange(ElfFile file, ElfSymbol[] symbols)
    {
        if (file.Type == ElfFileType.Relocatable)
        {
            return (0, 0);
        }

        int start = Array.FindIndex(symbols, symbol => symbol.Name == StartSymbol);
        int end = Array.FindIndex(symbols, symbol => symbol.Name == EndSymbol);
        return start < 0 || end < 0 ? (0, 0) : (symbols[start].Value, symbols[end].Value);
    }

    /// <summary>Where functions begin in a section, and what they are called, in order of their addresses.</summary>
    private static CodeFunction[] Functions(ElfFile file, ElfSection section, ElfSymbol[] symbols)
    {
        ulong origin = file.Type == ElfFileType.Relocatable ? 0 : section.Address;
        var functions = new List<CodeFunction>();
        foreach (ElfSymbol symbol in symbols)
        {
            if (
                symbol.Type == ElfSymbol.Function
                && symbol.SectionIndex == section.Index
                && symbol.Value >= origin
                && symbol.Value - origin < section.Size
            )
            {
                ulong start = symbol.Value - origin;
                functions.Add(
                    new CodeFunction(
                        (int)start,
                        (int)Math.Min(symbol.Size, section.Size - start),
                        symbol.Name
                    )
                );
            }
        }

        functions.Sort(
            (a, b) => a.Start != b.Start ? a.Start.CompareTo(b.Start) : b.Size.CompareTo(a.Size)
        );
        return [.. functions];
    }

    // "ELF for the Arm 64-bit Architecture", 5.7: mapping symbols $x and $d say where code and data begin.
    private static bool[] DataRanges(ElfFile file, ElfSection section, ElfSymbol[] symbols)
    {
        ulong origin = file.Type == ElfFileType.Relocatable ? 0 : section.Address;
        var marks = new List<(ulong Start, bool Data)>();
        foreach (ElfSymbol symbol in symbols)
        {
            bool code =
                symbol.Name == "$x" || symbol.Name.StartsWith("$x.", StringComparison.Ordinal);
            bool data =
                symbol.Name == "$d" || symbol.Name.StartsWith("$d.", StringComparison.Ordinal);
            if ((code || data) && symbol.SectionIndex == section.Index && symbol.Value >= origin)
            {
                marks.Add((symbol.Value - origin, data));
            }
        }

        marks.Sort((a, b) => a.Start.CompareTo(b.Start));
        bool[] isData = new bool[section.Size / 4];
        for (int i = 0; i < marks.Count; i++)
        {
            if (marks[i].Data)
            {
                ulong end = i + 1 < marks.Count ? marks[i + 1].Start : section.Size;
                for (
                    ulong word = marks[i].Start / 4;
                    word < Math.Min(end / 4, (ulong)isData.Length);
                    word++
                )
                {
                    isData[word] = true;
                }
            }
        }

        return isData;
    }
}
