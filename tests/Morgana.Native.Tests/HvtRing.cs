using System.Runtime.InteropServices;

namespace Morgana.Native.Tests;

/// <summary>The image's half of hvt's network ring (native/bindings/hvt/ring.c), of which there is one, with a tender that sends frames back.</summary>
internal static unsafe partial class HvtRing
{
    private const string Library = "nativeparts";

    /// <summary>Begins anew.</summary>
    /// <returns>1: there is a ring; 0: there is none; -1: the heap is not what it should be.</returns>
    [LibraryImport(Library, EntryPoint = "hvt_ring_begin")]
    internal static partial int Begin(
        uint index,
        uint seed,
        uint features,
        nuint manifest,
        nint place
    );

    [LibraryImport(Library, EntryPoint = "hvt_ring_lie")]
    internal static partial void Lie(int which);

    [LibraryImport(Library, EntryPoint = "hvt_ring_finish")]
    internal static partial int Finish();

    internal static int Write(ReadOnlySpan<byte> frame)
    {
        fixed (byte* start = frame)
        {
            return Write(start, (nuint)frame.Length);
        }
    }

    internal static int Read(Span<byte> frame)
    {
        fixed (byte* start = frame)
        {
            return Read(start, (nuint)frame.Length);
        }
    }

    [LibraryImport(Library, EntryPoint = "hvt_ring_write")]
    private static partial int Write(byte* frame, nuint size);

    [LibraryImport(Library, EntryPoint = "hvt_ring_read")]
    private static partial int Read(byte* frame, nuint size);
}
