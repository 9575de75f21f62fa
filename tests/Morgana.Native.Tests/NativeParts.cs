using System.Runtime.InteropServices;

namespace Morgana.Native.Tests;

/// <summary>The tested functions.</summary>
internal static unsafe partial class NativeParts
{
    private const string Library = "nativeparts";

    [LibraryImport(Library, EntryPoint = "pages_init")]
    internal static partial void PagesInit(nuint start, nuint size);

    [LibraryImport(Library, EntryPoint = "heap_forget")]
    internal static partial void HeapForget();

    [LibraryImport(Library, EntryPoint = "pages_allocate")]
    internal static partial byte* PagesAllocate(nuint size, nuint alignment);

    [LibraryImport(Library, EntryPoint = "pages_free")]
    internal static partial void PagesFree(byte* start, nuint size);

    [LibraryImport(Library, EntryPoint = "pages_free_count")]
    internal static partial nuint PagesFreeCount();

    [LibraryImport(Library, EntryPoint = "pages_total")]
    internal static partial nuint PagesTotal();

    [LibraryImport(Library, EntryPoint = "native_mmap64")]
    internal static partial byte* Map(
        byte* address,
        nuint size,
        int protection,
        int flags,
        int descriptor,
        nint offset
    );

    [LibraryImport(Library, EntryPoint = "native_munmap")]
    internal static partial int Unmap(byte* address, nuint size);

    [LibraryImport(Library, EntryPoint = "native_mprotect")]
    internal static partial int Protect(byte* address, nuint size, int protection);

    [LibraryImport(Library, EntryPoint = "native_malloc")]
    internal static partial byte* Allocate(nuint size);

    [LibraryImport(Library, EntryPoint = "native_calloc")]
    internal static partial byte* AllocateZeroed(nuint count, nuint size);

    [LibraryImport(Library, EntryPoint = "native_realloc")]
    internal static partial byte* Reallocate(byte* block, nuint size);

    [LibraryImport(Library, EntryPoint = "native_free")]
    internal static partial void Free(byte* block);

    [LibraryImport(Library, EntryPoint = "native_posix_memalign")]
    internal static partial int AllocateAligned(byte** result, nuint alignment, nuint size);

    [LibraryImport(Library, EntryPoint = "native_malloc_usable_size")]
    internal static partial nuint UsableSize(byte* block);

    [LibraryImport(Library, EntryPoint = "native_strtoll")]
    internal static partial long ParseSigned(byte* text, byte** end, int numberBase);

    [LibraryImport(
        Library,
        EntryPoint = "native_strtoull",
        StringMarshalling = StringMarshalling.Utf8
    )]
    internal static partial ulong ParseUnsigned(string text, byte** end, int numberBase);

    [LibraryImport(
        Library,
        EntryPoint = "format_both_integer",
        StringMarshalling = StringMarshalling.Utf8
    )]
    internal static partial int FormatBothInteger(
        byte* ours,
        byte* theirs,
        nuint size,
        string format,
        long value
    );

    [LibraryImport(
        Library,
        EntryPoint = "format_both_text",
        StringMarshalling = StringMarshalling.Utf8
    )]
    internal static partial int FormatBothText(
        byte* ours,
        byte* theirs,
        nuint size,
        string format,
        string value
    );

    [LibraryImport(Library, EntryPoint = "entropy_init")]
    internal static partial void EntropyInit(byte* seed, nuint size);

    [LibraryImport(Library, EntryPoint = "entropy_fill")]
    internal static partial void EntropyFill(byte* buffer, nuint size);

    [LibraryImport(Library, EntryPoint = "x86_64_begin")]
    internal static partial ulong* TablesBegin(byte* pages, nuint count);

    [LibraryImport(Library, EntryPoint = "x86_64_pages_left")]
    internal static partial nuint TablesPagesLeft();

    [LibraryImport(Library, EntryPoint = "x86_64_layout")]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool TablesLayout(in ImageLayout layout);

    [LibraryImport(Library, EntryPoint = "x86_64_guard")]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool TablesGuard(
        in ImageLayout layout,
        ulong page,
        [MarshalAs(UnmanagedType.U1)] bool guard
    );

    [LibraryImport(Library, EntryPoint = "x86_64_map")]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool TablesMap(ulong start, ulong end, ulong bits);

    [LibraryImport(Library, EntryPoint = "x86_64_find")]
    internal static partial ulong TablesFind(ulong address, ulong* size);

    [LibraryImport(Library, EntryPoint = "machine_clock_start")]
    [return: MarshalAs(UnmanagedType.U1)]
    internal static partial bool ClockStart(ulong rate);

    [LibraryImport(Library, EntryPoint = "machine_clock_at")]
    internal static partial ulong ClockAt(ulong cycles);
}
