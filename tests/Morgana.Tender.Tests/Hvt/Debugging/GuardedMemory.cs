using System.Runtime.InteropServices;
using Morgana.Tender.Hvt;

namespace Morgana.Tender.Tests.Hvt.Debugging;

/// <summary>Memory of a guest between two canaries, which must never change.</summary>
internal sealed unsafe class GuardedMemory : IDisposable
{
    public const int Size = 1 << 16;
    private const int Canary = 1 << 16;
    private readonly byte* around;

    public GuardedMemory()
    {
        around = (byte*)NativeMemory.AlignedAlloc(Canary + Size + Canary, 4096);
        new Span<byte>(around, Canary + Size + Canary).Fill(0xa5);
        Memory = new GuestMemory(around + Canary, Size);
        Memory.Host(0, Size).Clear();
    }

    public GuestMemory Memory { get; }

    /// <summary>Whether nothing outside of the guest was written.</summary>
    public bool IsIntact =>
        !new ReadOnlySpan<byte>(around, Canary).ContainsAnyExcept((byte)0xa5)
        && !new ReadOnlySpan<byte>(around + Canary + Size, Canary).ContainsAnyExcept((byte)0xa5);

    public void Dispose() => NativeMemory.AlignedFree(around);
}
