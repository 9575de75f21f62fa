using System.Runtime.InteropServices;

namespace Morgana.Native.Tests;

/// <summary>The translation tables of a bare arm64 (native/machine/layout_aarch64.c, tables_aarch64.c).</summary>
internal static unsafe partial class Arm64Tables
{
    private const string Library = "nativeparts";

    /// <summary>Begins anew; the pages for tables are to lie at an address of the machine, 0: nowhere.</summary>
    [LibraryImport(Library, EntryPoint = "aarch64_begin")]
    internal static partial ulong* Begin(byte* pages, nuint count, ulong address);

    [LibraryImport(Library, EntryPoint = "aarch64_pages_left")]
    internal static partial nuint PagesLeft();

    [LibraryImport(Library, EntryPoint = "aarch64_layout")]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool Layout(in ImageLayout layout, nuint spare);

    [LibraryImport(Library, EntryPoint = "aarch64_guard")]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool Guard(
        in ImageLayout layout,
        ulong page,
        [MarshalAs(UnmanagedType.U1)] bool guard
    );

    [LibraryImport(Library, EntryPoint = "aarch64_map")]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool Map(ulong start, ulong end, ulong bits);

    [LibraryImport(Library, EntryPoint = "aarch64_find")]
    internal static partial ulong Find(ulong address, ulong* size);

    /// <summary>How many descriptors that the processor could know were changed since the layout.</summary>
    [LibraryImport(Library, EntryPoint = "aarch64_replaced")]
    internal static partial nuint Replaced();

    /// <summary>How many of them could not be written while they were invalid, or did not map what they were replaced for.</summary>
    [LibraryImport(Library, EntryPoint = "aarch64_faults")]
    internal static partial nuint Faults();
}
