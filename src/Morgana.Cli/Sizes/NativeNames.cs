using Morgana.Elf;

namespace Morgana.Cli.Sizes;

/// <summary>
/// Tells the native layer, .NET's C++ and the C functions apart. Local symbols stand behind the name of their source file;
/// files keep the order of the link within a section: the native layer, then .NET's libraries, then the C functions. A
/// global symbol therefore belongs to the file whose local ones lie before it, and at the two borders its name decides. The C
/// functions name no source file: their local symbols follow those of the last file, a C++ one, and have no C++ names.
/// </summary>
internal sealed class NativeNames
{
    private const byte FileSymbol = 4;

    private readonly Dictionary<int, string> _fileOfSymbol = [];
    private readonly Dictionary<ushort, List<(ulong Address, int File)>> _places = [];
    private readonly List<string> _files = [];
    private readonly int _firstOfRuntime;

    public NativeNames(ReadOnlySpan<ElfSymbol> symbols)
    {
        int last = symbols.Length - 1;
        while (last >= 0 && symbols[last].Type != FileSymbol)
        {
            last--;
        }

        int file = -1;
        for (int i = 0; i < symbols.Length; i++)
        {
            ElfSymbol symbol = symbols[i];
            if (symbol.Type == FileSymbol)
            {
                file = symbol.Name.Length > 0 ? _files.Count : -1;
                _files.Add(symbol.Name);
            }
            else if (
                symbol.Binding == 0
                && file >= 0
                && symbol.Size > 0
                && (i < last || symbol.Name.StartsWith("_Z", StringComparison.Ordinal))
            )
            {
                _fileOfSymbol[i] = _files[file];
                if (!_places.TryGetValue(symbol.SectionIndex, out var places))
                {
                    _places[symbol.SectionIndex] = places = [];
                }

                places.Add((symbol.Value, file));
            }
        }

        foreach (var places in _places.Values)
        {
            places.Sort();
        }

        // The runtime's libraries begin with the bootstrapper, the first C++ of the link.
        int cpp = _files.FindIndex(f => f.EndsWith(".cpp", StringComparison.Ordinal));
        _firstOfRuntime = cpp < 0 ? _files.Count : cpp;
    }

    /// <summary>What a symbol of native code belongs to.</summary>
    /// <param name="index">Its place in the symbol table.</param>
    /// <param name="symbol">The symbol.</param>
    public Origin Of(int index, ElfSymbol symbol)
    {
        if (_fileOfSymbol.TryGetValue(index, out string? own))
        {
            return Origin.Of(LibraryOf(_files.IndexOf(own)), own, symbol.Name);
        }

        int before = -1;
        int after = -1;
        if (_places.TryGetValue(symbol.SectionIndex, out var places))
        {
            int at = places.BinarySearch((symbol.Value, int.MaxValue));
            at = at < 0 ? ~at : at;
            before = at > 0 ? places[at - 1].File : -1;
            after = at < places.Count ? places[at].File : -1;
        }

        if (before >= 0 && after >= 0 && LibraryOf(before) == LibraryOf(after))
        {
            return Origin.Of(LibraryOf(before), _files[before], symbol.Name);
        }

        if (IsRuntime(symbol.Name))
        {
            return Origin.Of(
                Origin.NativeRuntime,
                before >= 0 ? _files[before] : "(global)",
                symbol.Name
            );
        }

        return symbol.Binding == 0 || (after < 0 && before >= _firstOfRuntime)
            ? Origin.Of(Origin.CLibrary, symbol.Name)
            : Origin.Of(
                Origin.NativeLayer,
                before >= 0 && before < _firstOfRuntime ? _files[before] : "(global)",
                symbol.Name
            );
    }

    private string LibraryOf(int file) =>
        file >= _firstOfRuntime ? Origin.NativeRuntime : Origin.NativeLayer;

    private static bool IsRuntime(string name) =>
        name.StartsWith("_Z", StringComparison.Ordinal)
        || name.StartsWith("Rh", StringComparison.Ordinal)
        || name.StartsWith("SystemNative_", StringComparison.Ordinal)
        || name.StartsWith("minipal_", StringComparison.Ordinal)
        || name.StartsWith("g_", StringComparison.Ordinal)
        || name.StartsWith("__cxa", StringComparison.Ordinal)
        || name.StartsWith("_Unwind", StringComparison.Ordinal)
        || name.StartsWith("unw_", StringComparison.Ordinal)
        || name.StartsWith("__unw_", StringComparison.Ordinal)
        || name.StartsWith("tls_", StringComparison.Ordinal);
}
