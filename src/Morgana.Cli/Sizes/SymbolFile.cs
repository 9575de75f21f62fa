using Morgana.Elf;

namespace Morgana.Cli.Sizes;

/// <summary>Finds what the build left under obj/ about an image: the same image with symbols, and the assemblies that it was made from.</summary>
internal static class SymbolFile
{
    private const uint SymbolTable = 2;
    private const uint NoBits = 8;
    private const ulong InMemory = 2;

    /// <summary>The same image before it was stripped; null when there is none in the folder.</summary>
    /// <param name="image">The image.</param>
    /// <param name="folder">The unikernel's obj/.</param>
    public static string? Find(string image, string folder)
    {
        using FileElfSource source = new(image);
        ElfFile stripped = ElfFile.Read(source);
        ElfSection[] sections = stripped.ReadSections();
        if (sections.Any(s => s.Type == SymbolTable))
        {
            return image;
        }

        if (!Directory.Exists(folder))
        {
            return null;
        }

        EnumerationOptions all = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };
        foreach (
            string path in Directory
                .EnumerateFiles(folder, "*", all)
                .Where(p =>
                    Path.GetExtension(p) is not (".o" or ".dll" or ".json" or ".cs" or ".cache")
                )
                // Larger by the symbols, and rarely of another name.
                .Where(p => new FileInfo(p).Length > source.Length)
                .OrderByDescending(p =>
                    Path.GetFileName(p)
                        .StartsWith(Path.GetFileName(image), StringComparison.Ordinal)
                )
                .ThenBy(p => p, StringComparer.Ordinal)
        )
        {
            if (IsSame(stripped, sections, path))
            {
                return path;
            }
        }

        return null;
    }

    /// <summary>Whether a file knows the lines of C# that its code comes from.</summary>
    /// <param name="path">A file with symbols.</param>
    /// <exception cref="ElfException">It is not an ELF file, or malformed.</exception>
    public static bool HasLines(string path)
    {
        using FileElfSource source = new(path);
        ElfFile file = ElfFile.Read(source);

        // The names of source files, where DWARF 5 and older versions have them.
        return file.ReadSections()
            .Where(section => section.Name is ".debug_line" or ".debug_line_str" or ".debug_str")
            .Any(section => file.ReadSection(section).AsSpan().IndexOf(".cs\0"u8) >= 0);
    }

    /// <summary>The assemblies that the ahead-of-time compiler was given, from the response file nearest to <paramref name="symbols"/>.</summary>
    public static IReadOnlyList<string> Assemblies(string symbols, string folder)
    {
        string? near = Path.GetDirectoryName(symbols);
        EnumerationOptions all = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };
        List<string> responses = [];
        if (near is not null)
        {
            responses.AddRange(
                Directory.EnumerateFiles(near, "*.rsp").Order(StringComparer.Ordinal)
            );
        }

        if (Directory.Exists(folder))
        {
            responses.AddRange(
                Directory.EnumerateFiles(folder, "*.rsp", all).Order(StringComparer.Ordinal)
            );
        }

        foreach (string response in responses)
        {
            string[] lines = File.ReadAllLines(response);
            string[] references =
            [
                .. lines
                    .Where(l => l.StartsWith("-r:", StringComparison.Ordinal))
                    .Select(l => l[3..].Trim('"')),
            ];
            if (references.Any(r => Path.GetFileName(r) == "System.Private.CoreLib.dll"))
            {
                return
                [
                    .. lines.Where(l => l.Length > 0 && l[0] != '-').Select(l => l.Trim('"')),
                    .. references,
                ];
            }
        }

        return [];
    }

    private static bool IsSame(ElfFile stripped, ElfSection[] sections, string path)
    {
        try
        {
            using FileElfSource source = new(path);
            ElfFile other = ElfFile.Read(source);
            ElfSection[] others = other.ReadSections();
            return others.Any(s => s.Type == SymbolTable)
                && sections
                    .Where(s => (s.Flags & InMemory) != 0 && s.Size > 0)
                    .All(s =>
                        others.FirstOrDefault(o => o.Address == s.Address && o.Name == s.Name)
                            is { Name: not null } o
                        && o.Size == s.Size
                        && (
                            s.Type == NoBits
                            || stripped.ReadSection(s).AsSpan().SequenceEqual(other.ReadSection(o))
                        )
                    );
        }
        catch (Exception e) when (e is ElfException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
