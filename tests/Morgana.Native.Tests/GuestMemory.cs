using System.Runtime.InteropServices;

namespace Morgana.Native.Tests;

/// <summary>Memory that stands for a guest's: one test at a time owns the allocator over it.</summary>
[CollectionDefinition(nameof(GuestMemory), DisableParallelization = true)]
public sealed unsafe class GuestMemory : IDisposable
{
    internal const int Size = 16 << 20;
    internal const int Page = 4096;
    private void* _memory;

    /// <summary>Starts over with fresh, zeroed memory.</summary>
    internal void Reset()
    {
        Dispose();
        _memory = NativeMemory.AlignedAlloc(Size, 1 << 21);
        NativeMemory.Clear(_memory, Size);
        NativeParts.HeapForget();
        NativeParts.PagesInit((nuint)_memory, Size);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }
}
