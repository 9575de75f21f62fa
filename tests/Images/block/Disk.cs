using System.Runtime.InteropServices;

namespace Block;

/// <summary>A block device through the native layer's own functions (<c>native/include/solo5.h</c>), with nothing above them that checks.</summary>
internal sealed unsafe partial class Disk
{
    private const string Library = "morgana_native";
    private readonly ulong handle;

    private Disk(ulong handle, Info info) =>
        (this.handle, Capacity, BlockSize) = (handle, (long)info.Capacity, (int)info.BlockSize);

    public long Capacity { get; }

    public int BlockSize { get; }

    /// <summary>The device of that name in the manifest.</summary>
    public static Disk Open(string name) =>
        Acquire(name, out ulong handle, out Info info) is 0 and int _
            ? new Disk(handle, info)
            : throw new InvalidOperationException($"there is no block device '{name}'");

    /// <summary>Tries to acquire a device.</summary>
    /// <returns>The result's number, 0 for success.</returns>
    public static int Acquire(string name) => Acquire(name, out _, out _);

    /// <summary>Reads one block; the result's number.</summary>
    public int Read(long offset, Span<byte> block)
    {
        fixed (byte* bytes = block)
        {
            return Read(handle, (ulong)offset, bytes, (nuint)block.Length);
        }
    }

    /// <summary>Writes one block; the result's number.</summary>
    public int Write(long offset, ReadOnlySpan<byte> block)
    {
        fixed (byte* bytes = block)
        {
            return Write(handle, (ulong)offset, bytes, (nuint)block.Length);
        }
    }

    [LibraryImport(
        Library,
        EntryPoint = "solo5_block_acquire",
        StringMarshalling = StringMarshalling.Utf8
    )]
    private static partial int Acquire(string name, out ulong handle, out Info info);

    [LibraryImport(Library, EntryPoint = "solo5_block_read")]
    private static partial int Read(ulong handle, ulong offset, byte* block, nuint size);

    [LibraryImport(Library, EntryPoint = "solo5_block_write")]
    private static partial int Write(ulong handle, ulong offset, byte* block, nuint size);

    [StructLayout(LayoutKind.Sequential)]
    private struct Info
    {
        public ulong Capacity;
        public ulong BlockSize;
    }
}
