using Morgana.Build.Actions;
using Morgana.Elf;

namespace Morgana.Build.Stubs;

/// <summary>An object file, or one that is a member of an archive, with its symbols.</summary>
internal sealed class NativeObject
{
    private const ushort Undefined = 0;
    private const byte Local = 0;

    private NativeObject(string archive, string name, ElfFile file)
    {
        Archive = archive;
        Name = name;
        File = file;
        Symbols = file.ReadSymbols();
    }

    /// <summary>The archive that it is a member of; empty for a file of its own.</summary>
    public string Archive { get; }

    /// <summary>The file's or the member's name.</summary>
    public string Name { get; }

    public ElfFile File { get; }

    public IReadOnlyList<ElfSymbol> Symbols { get; }

    /// <summary>What a link could take from it.</summary>
    public IEnumerable<ElfSymbol> Exports =>
        Symbols.Where(symbol =>
            symbol.Binding != Local && symbol.SectionIndex != Undefined && symbol.Name.Length > 0
        );

    /// <summary>What it wants from elsewhere.</summary>
    public IEnumerable<string> Wants =>
        Symbols
            .Where(symbol =>
                symbol.Binding != Local
                && symbol.SectionIndex == Undefined
                && symbol.Name.Length > 0
            )
            .Select(symbol => symbol.Name);

    /// <summary>As in <c>libfoo.a(bar.o)</c>.</summary>
    public override string ToString() =>
        Archive.Length == 0 ? Name : $"{Path.GetFileName(Archive)}({Name})";

    /// <summary>The objects of a file: one, or the members of an archive.</summary>
    /// <exception cref="ElfException">One is no object.</exception>
    /// <exception cref="BuildException">An archive is damaged.</exception>
    public static IEnumerable<NativeObject> Read(string path)
    {
        if (!path.EndsWith(".a", StringComparison.OrdinalIgnoreCase))
        {
            string name = Path.GetFileName(path);
            yield return new NativeObject("", name, Parse(name, System.IO.File.ReadAllBytes(path)));
            yield break;
        }

        foreach ((string member, ReadOnlyMemory<byte> content) in Actions.Archive.Members(path))
        {
            yield return new NativeObject(
                path,
                member,
                Parse($"{Path.GetFileName(path)}({member})", content)
            );
        }
    }

    private static ElfFile Parse(string name, ReadOnlyMemory<byte> content) =>
        ElfFile.Read(new MemoryElfSource(name, content));
}
