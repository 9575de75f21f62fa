using System.Runtime.InteropServices;

namespace Morgana.Native.Tests;

/// <summary>A virtqueue (native/bindings/virtio/ring.c) in fenced memory, and the device's side of it.</summary>
internal sealed unsafe partial class VirtioRing : IDisposable
{
    private const string Library = "nativeparts";
    private readonly FencedMemory memory;
    private readonly FencedMemory chains;
    private readonly FencedMemory ring;

    public VirtioRing(ushort size)
    {
        Size = size;
        memory = new FencedMemory(MemorySize(size));
        chains = new FencedMemory(size * ChainSize());
        ring = new FencedMemory(StructSize());
        Init(ring.Start, size, memory.Start, chains.Start);
    }

    public ushort Size { get; }

    /// <summary>All that the device can write.</summary>
    public Span<byte> Shared => new(memory.Start, (int)MemorySize(Size));

    public bool IsBroken => Broken(ring.Start) != 0;

    public int Free => (int)FreeDescriptors(ring.Start);

    public bool HasUsed => Used(ring.Start) != 0;

    private int AvailableAt => Size * 16;

    private int UsedAt => (AvailableAt + 4 + Size * 2 + 2 + 4095) / 4096 * 4096;

    public ushort AvailableIndex => MemoryMarshal.Read<ushort>(Shared[(AvailableAt + 2)..]);

    public ushort UsedIndex
    {
        get => MemoryMarshal.Read<ushort>(Shared[(UsedAt + 2)..]);
        set => MemoryMarshal.Write(Shared[(UsedAt + 2)..], value);
    }

    /// <summary>Gives a chain of buffers; those of the device come last.</summary>
    public bool Give(int readable, int writable, uint size, out ushort head)
    {
        Buffer* buffers = stackalloc Buffer[readable + writable];
        for (int i = 0; i < readable + writable; i++)
        {
            buffers[i] = new Buffer(0x1000, size, (byte)(i < readable ? 0 : 1));
        }

        ushort given;
        bool done = Give(ring.Start, buffers, (uint)(readable + writable), &given) != 0;
        head = given;
        return done;
    }

    public bool Take(out ushort head, out uint written)
    {
        ushort taken;
        uint size;
        bool done = Take(ring.Start, &taken, &size) != 0;
        (head, written) = done ? (taken, size) : ((ushort)0, 0u);
        return done;
    }

    /// <summary>As the device: the head of a chain that it was given, the n-th since the start.</summary>
    public ushort Available(ushort index) =>
        MemoryMarshal.Read<ushort>(Shared[(AvailableAt + 4 + index % Size * 2)..]);

    /// <summary>As the device: the descriptors of a chain.</summary>
    public List<(uint Size, bool Writable)> Descriptors(ushort head)
    {
        List<(uint, bool)> found = [];
        for (int at = head; ; )
        {
            ReadOnlySpan<byte> descriptor = Shared.Slice(at * 16, 16);
            ushort flags = MemoryMarshal.Read<ushort>(descriptor[12..]);
            found.Add((MemoryMarshal.Read<uint>(descriptor[8..]), (flags & 2) != 0));
            if ((flags & 1) == 0 || found.Count > Size)
            {
                return found;
            }

            at = MemoryMarshal.Read<ushort>(descriptor[14..]);
        }
    }

    /// <summary>As the device: has used a chain.</summary>
    public void Use(uint head, uint written)
    {
        int at = UsedAt + 4 + UsedIndex % Size * 8;
        MemoryMarshal.Write(Shared[at..], head);
        MemoryMarshal.Write(Shared[(at + 4)..], written);
        UsedIndex++;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        memory.Dispose();
        chains.Dispose();
        ring.Dispose();
    }

    [LibraryImport(Library, EntryPoint = "ring_struct_size")]
    private static partial nuint StructSize();

    [LibraryImport(Library, EntryPoint = "ring_chain_size")]
    private static partial nuint ChainSize();

    [LibraryImport(Library, EntryPoint = "ring_memory_size")]
    private static partial nuint MemorySize(ushort size);

    [LibraryImport(Library, EntryPoint = "ring_init")]
    private static partial void Init(byte* ring, ushort size, byte* memory, byte* chains);

    [LibraryImport(Library, EntryPoint = "ring_give")]
    private static partial byte Give(byte* ring, Buffer* buffers, uint count, ushort* head);

    [LibraryImport(Library, EntryPoint = "ring_take")]
    private static partial byte Take(byte* ring, ushort* head, uint* written);

    [LibraryImport(Library, EntryPoint = "ring_has_used")]
    private static partial byte Used(byte* ring);

    [LibraryImport(Library, EntryPoint = "ring_is_broken")]
    private static partial int Broken(byte* ring);

    [LibraryImport(Library, EntryPoint = "ring_free_descriptors")]
    private static partial uint FreeDescriptors(byte* ring);

    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Buffer(ulong Start, uint Size, byte DeviceWrites);
}
