using System.Runtime.InteropServices;

namespace Morgana.Native.Tests;

/// <summary>Zeroed memory that ends at a page which nobody may touch, and begins behind one: whoever leaves it ends the test run.</summary>
internal sealed unsafe partial class FencedMemory : IDisposable
{
    private const int Page = 4096;
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly byte* mapping;
    private readonly nuint mapped;

    public FencedMemory(nuint size)
    {
        nuint pages = (size + Page - 1) / Page * Page;
        mapped = pages + 2 * Page;
        mapping = Map(null, mapped, 0, PrivateAnonymous, -1, 0);
        if ((nint)mapping == -1 || Protect(mapping + Page, pages, ReadWrite) != 0)
        {
            throw new InvalidOperationException("There is no memory to fence.");
        }

        Start = mapping + Page + (pages - size);
    }

    /// <summary>Its first byte; it is aligned as the size is.</summary>
    public byte* Start { get; }

    /// <inheritdoc/>
    public void Dispose() => _ = Unmap(mapping, mapped);

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial byte* Map(
        byte* address,
        nuint size,
        int protection,
        int flags,
        int descriptor,
        nint offset
    );

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(byte* address, nuint size, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(byte* address, nuint size);
}
