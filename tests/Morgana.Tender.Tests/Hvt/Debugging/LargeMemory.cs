using System.Runtime.InteropServices;
using Morgana.Tender.Hvt;

namespace Morgana.Tender.Tests.Hvt.Debugging;

/// <summary>Memory of a guest as large as a real one: 4 MiB.</summary>
internal sealed unsafe class LargeMemory : IDisposable
{
    public const int Size = 4 << 20;
    private readonly byte* start = (byte*)NativeMemory.AlignedAlloc(Size, 4096);

    public LargeMemory()
    {
        new Span<byte>(start, Size).Clear();
        Memory = new GuestMemory(start, Size);
    }

    public GuestMemory Memory { get; }

    public void Dispose() => NativeMemory.AlignedFree(start);
}
