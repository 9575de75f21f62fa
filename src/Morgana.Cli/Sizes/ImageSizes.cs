using System.Buffers.Binary;
using Morgana.Elf;

namespace Morgana.Cli.Sizes;

/// <summary>Gives every byte of an image file to where it comes from. The sum is the file's size, always.</summary>
internal sealed class ImageSizes
{
    private const uint NoBits = 8;
    private const ulong InMemory = 2;
    private const byte SectionSymbol = 3;
    private const byte FileSymbol = 4;

    // What a linker puts between two functions at most; more is something that no symbol names.
    private const ulong LargestPadding = 64;

    private static readonly string[] MetadataSymbols =
    [
        "__embedded_",
        "__type_to_",
        "__typemap",
        "__generic_",
        "__external_",
        "__nativelayoutinfo",
        "__nativereferences",
        "__stack_trace",
        "__ReadyToRunHeader",
        "__Module",
        "__all_fields",
        "__fieldAccess",
        "__invokeStub",
        "__virtualInvoke",
        "__method_",
        "__field_",
        "__array_",
        "__byref_",
        "__pointer_",
        "__struct_",
        "__delegate",
        "__default_",
        "__exact_",
        "__gvm",
        "__interface",
        "__loader",
        "__fat",
        "__FrozenSegment",
        "__GCStaticRegion",
        "__ThreadStatic",
        "__ImportSection",
        "__Dispatch",
        "_stacktrace_",
        "_StaticsInfo",
        "g_compilerEmbedded",
    ];

    private readonly Dictionary<Origin, long> _bytes = [];
    private readonly ElfSymbol[] _symbols;
    private readonly ILookup<ushort, int> _bySection;
    private readonly ManagedNames _managed;
    private readonly NativeNames _native;
    private readonly Dictionary<int, Origin> _known = [];
    private readonly List<(ulong Start, ulong End, int Symbol)> _functions = [];
    private readonly HashSet<int> _managedCode = [];

    private ImageSizes(ElfSymbol[] symbols, ManagedNames managed)
    {
        _symbols = symbols;
        _bySection = Enumerable.Range(0, symbols.Length).ToLookup(i => symbols[i].SectionIndex);
        _managed = managed;
        _native = new NativeNames(symbols);
    }

    /// <summary>Measures an image.</summary>
    /// <param name="image">The image as it is in dist/.</param>
    /// <param name="symbols">The same image with its symbols, or itself when it is not stripped.</param>
    /// <param name="managed">The types that it was compiled from.</param>
    /// <returns>The origins and their bytes, in no order.</returns>
    /// <exception cref="ElfException">A file is malformed.</exception>
    public static IReadOnlyDictionary<Origin, long> Measure(
        ElfFile image,
        ElfFile symbols,
        ManagedNames managed
    )
    {
        ImageSizes sizes = new(symbols.ReadSymbols(), managed);
        sizes.Measure(image, symbols.ReadSections());
        return sizes._bytes;
    }

    private void Measure(ElfFile image, ElfSection[] named)
    {
        ElfSection[] sections = image.ReadSections();
        foreach (ElfSection section in named.Where(s => (s.Flags & InMemory) != 0))
        {
            _functions.AddRange(Split(section));
            if (section.Name is "__managedcode" or "__unbox")
            {
                _ = _managedCode.Add(section.Index);
            }
        }

        _functions.Sort();
        ulong at = 0;
        ulong length = (ulong)image.Source.Length;
        foreach (
            ElfSection section in sections
                .Where(s => s.Type is not (0 or NoBits) && s.Size > 0)
                .OrderBy(s => s.Offset)
        )
        {
            // Sections that overlap are counted once: the sum must be the file's size whatever the headers say.
            ulong start = Math.Clamp(section.Offset, at, length);
            ulong end = Math.Clamp(section.Offset + section.Size, start, length);
            Count(Origin.Of(Origin.Other, at == 0 ? "ELF headers" : "alignment"), start - at);
            at = end;
            if (start != section.Offset || end - start != section.Size)
            {
                Count(Origin.Of(Origin.Other, section.Name), end - start);
            }
            else if ((section.Flags & InMemory) == 0)
            {
                Count(
                    section.Name == ".shstrtab"
                        ? Origin.Of(Origin.Other, "ELF headers", section.Name)
                        : Origin.Of(Origin.Debug, section.Name),
                    section.Size
                );
            }
            else
            {
                Measure(section, image.ReadSection(section), named);
            }
        }

        Count(Origin.Of(Origin.Other, "ELF headers"), length - at);
    }

    private void Measure(ElfSection section, byte[] content, ElfSection[] named)
    {
        if (section.Name == ".eh_frame")
        {
            foreach (
                (int _, int size, ulong? function) in UnwindTables.Read(content, section.Address)
            )
            {
                Count(
                    function is ulong f ? OriginAt(f) : Origin.Of(Origin.Other, section.Name),
                    (ulong)size
                );
            }

            return;
        }

        if (section.Name == ".eh_frame_hdr" && content.Length >= 12)
        {
            // A header of 12 bytes, then a pair of offsets a function.
            Count(Origin.Of(Origin.Other, section.Name), 12);
            int at = 12;
            for (; at + 8 <= content.Length; at += 8)
            {
                int start = BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(at));
                Count(OriginAt(section.Address + (ulong)(long)start), 8);
            }

            Count(Origin.Of(Origin.Other, section.Name), (ulong)(content.Length - at));
            return;
        }

        // The same section of the file with symbols: where it is and how long it is tell it.
        ElfSection own = named.FirstOrDefault(s =>
            s.Name == section.Name && s.Address == section.Address && s.Size == section.Size
        );
        if (own.Name is null)
        {
            Count(Origin.Of(Origin.Other, section.Name), section.Size);
            return;
        }

        ulong done = section.Address;
        foreach ((ulong start, ulong end, int symbol) in Split(own))
        {
            Count(Unnamed(section), start - done);
            done = end;
            if (_symbols[symbol].Name == "__dehydrated_data")
            {
                Unpack(
                    content.AsSpan((int)(start - section.Address), (int)(end - start)),
                    start,
                    named
                );
            }
            else
            {
                Count(OriginOf(symbol), end - start);
            }
        }

        Count(Unnamed(section), section.Address + section.Size - done);
    }

    private static Origin Unnamed(ElfSection section) =>
        section.Type == 7
            ? Origin.Of(Origin.NativeLayer, section.Name)
            : Origin.Of(Origin.Other, section.Name, "bytes without a symbol");

    private void Unpack(ReadOnlySpan<byte> packed, ulong address, ElfSection[] named)
    {
        ElfSection hydrated = named.FirstOrDefault(s => s.Name == ".hydrated");
        List<(ulong Address, int Bytes)>? pieces = DehydratedData.Read(
            packed,
            address,
            hydrated.Address,
            hydrated.Address + hydrated.Size,
            out int length
        );
        foreach ((ulong at, int bytes) in pieces ?? [])
        {
            Count(OriginAt(at), (ulong)bytes);
        }

        Count(
            Origin.Of(Origin.Metadata, "packed data", "pointers of packed data"),
            (ulong)(packed.Length - length)
        );
    }

    /// <summary>The pieces of a section: each symbol reaches to the next, those with a size no further than that and alignment.</summary>
    private List<(ulong Start, ulong End, int Symbol)> Split(ElfSection section)
    {
        ulong last = section.Address + section.Size;
        SortedDictionary<ulong, int> best = [];
        foreach (int i in _bySection[(ushort)section.Index])
        {
            ElfSymbol symbol = _symbols[i];
            if (
                symbol.Type is SectionSymbol or FileSymbol
                || symbol.Name.Length == 0
                || symbol.Value < section.Address
                || symbol.Value >= last
            )
            {
                continue;
            }

            // Several names for one place: one with a size says more than a mark of the linker script.
            if (
                !best.TryGetValue(symbol.Value, out int other)
                || symbol.Size > _symbols[other].Size
            )
            {
                best[symbol.Value] = i;
            }
        }

        List<(ulong, ulong, int)> pieces = [];
        (ulong Address, int Symbol)[] starts = [.. best.Select(b => (b.Key, b.Value))];
        for (int i = 0; i < starts.Length; i++)
        {
            ulong next = i + 1 < starts.Length ? starts[i + 1].Address : last;
            ulong size = _symbols[starts[i].Symbol].Size;
            ulong end =
                size > 0
                && next - starts[i].Address > size
                && next - starts[i].Address - size > LargestPadding
                    ? starts[i].Address + size
                    : next;
            pieces.Add((starts[i].Address, end, starts[i].Symbol));
        }

        return pieces;
    }

    private Origin OriginAt(ulong address)
    {
        int at = _functions.BinarySearch((address, ulong.MaxValue, int.MaxValue));
        at = (at < 0 ? ~at : at) - 1;
        return at >= 0 && address < _functions[at].End
            ? OriginOf(_functions[at].Symbol)
            : Origin.Of(Origin.Other, "nameless functions and data");
    }

    private Origin OriginOf(int symbol)
    {
        if (!_known.TryGetValue(symbol, out Origin origin))
        {
            _known[symbol] = origin = Find(symbol);
        }

        return origin;
    }

    private Origin Find(int index)
    {
        ElfSymbol symbol = _symbols[index];
        string name = symbol.Name;
        if (name.StartsWith("__Str_", StringComparison.Ordinal))
        {
            return Origin.Of(Origin.Literals, Origin.Literals, name);
        }

        // The compiler's object has local symbols only, and no name of a source file.
        if (symbol.Binding == 0 && _managed.Find(name) is Origin found)
        {
            return found;
        }

        if (MetadataSymbols.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            return Origin.Of(Origin.Metadata, name.TrimStart('_'), name);
        }

        // Methods of the core library that the native runtime calls by a name of C.
        if (_managedCode.Contains(symbol.SectionIndex))
        {
            return new Origin(
                "System.Private.CoreLib",
                "System.Runtime",
                "(called by the native runtime)",
                name
            );
        }

        return
            symbol.Binding == 0
            && (
                name.StartsWith("Internal_CompilerGenerated", StringComparison.Ordinal)
                || name.Contains('<', StringComparison.Ordinal)
                || name.StartsWith("__", StringComparison.Ordinal) && symbol.Size == 0
            )
            ? Origin.Of(Origin.Compiler, Origin.Compiler, name)
            : _native.Of(index, symbol);
    }

    private void Count(Origin origin, ulong bytes)
    {
        if (bytes > 0)
        {
            _bytes[origin] = _bytes.GetValueOrDefault(origin) + (long)bytes;
        }
    }
}
