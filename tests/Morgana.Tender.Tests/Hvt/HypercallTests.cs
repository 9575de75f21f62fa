using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CsCheck;
using Morgana.Tender.Devices;
using Morgana.Tender.Hvt;
using Morgana.Tender.Linux;

namespace Morgana.Tender.Tests.Hvt;

/// <summary>What a guest can ask of the host, and what happens when it lies. No KVM is needed.</summary>
public sealed unsafe class HypercallTests : IDisposable
{
    private const int Size = 1 << 16;
    private const int Canary = 1 << 16;
    private const ulong ReadOnlyFrom = 0x4000;
    private const ulong ReadOnlyTo = 0x5000;
    private readonly string path = Path.GetTempFileName();
    private readonly byte* around;
    private readonly GuestMemory memory;
    private readonly HypercallHandler handler;
    private readonly int disk;
    private readonly int network;

    public HypercallTests()
    {
        around = (byte*)NativeMemory.AlignedAlloc(Canary + Size + Canary, 4096);
        new Span<byte>(around, Canary + Size + Canary).Fill(0xa5);
        memory = new GuestMemory(around + Canary, Size);
        File.WriteAllBytes(path, new byte[4096]);
        disk = LinuxFile.Open(path, LinuxCalls.OpenReadWrite);
        network = LinuxFile.Open("/dev/zero", LinuxCalls.OpenReadWrite);
        AttachedDevice[] devices =
        [
            new()
            {
                Name = "disk",
                Handle = 1,
                Descriptor = disk,
                Block = new BlockGeometry(4096, 512),
            },
            new()
            {
                Name = "net",
                Handle = 2,
                Descriptor = network,
                Mtu = 1500,
            },
        ];
        (int epoll, int timer) = GuestEvents.Create([]);
        handler = new HypercallHandler(memory, devices, epoll, timer);
    }

    public void Dispose()
    {
        _ = LinuxCalls.Close(disk);
        _ = LinuxCalls.Close(network);
        // The allocator gets its memory back as it was.
        _ = LinuxCalls.Protect(
            around + Canary,
            Size,
            LinuxCalls.ProtectRead | LinuxCalls.ProtectWrite
        );
        NativeMemory.AlignedFree(around);
        File.Delete(path);
    }

    [Fact]
    public void The_wall_clock_is_the_hosts()
    {
        Assert.False(handler.Handle(1, new(64), out _));
        long nanoseconds = (long)Field(64);
        DateTimeOffset told = DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);
        Assert.InRange(DateTimeOffset.UtcNow - told, TimeSpan.Zero, TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void A_block_goes_to_the_disk_and_comes_back()
    {
        memory.Host(0x1000, 512).Fill(7);
        Assert.Equal(0, Block(Hypercall.BlockWrite, 1, 1024, 0x1000, 512));
        Assert.Equal(0, Block(Hypercall.BlockRead, 1, 1024, 0x2000, 512));
        Assert.Equal(memory.Host(0x1000, 512), memory.Host(0x2000, 512));
    }

    [Theory]
    [InlineData(1, 4096, 512)] // past the end
    [InlineData(1, 3584, 1024)] // over the end
    [InlineData(1, 1, 512)] // between blocks
    [InlineData(1, 0, 511)] // a part of a block
    [InlineData(1, 0, 0)]
    [InlineData(1, ulong.MaxValue - 511, 512)] // wraps
    [InlineData(1, 512, ulong.MaxValue - 511)]
    [InlineData(0, 0, 512)]
    [InlineData(2, 0, 512)] // the network's handle
    [InlineData(3, 0, 512)]
    [InlineData(ulong.MaxValue, 0, 512)]
    public void A_block_that_is_not_on_the_device_is_refused(
        ulong handle,
        ulong offset,
        ulong length
    )
    {
        Assert.Equal(2, Block(Hypercall.BlockRead, handle, offset, 0x1000, length));
        Assert.Equal(2, Block(Hypercall.BlockWrite, handle, offset, 0x1000, length));
    }

    [Fact]
    public void A_frame_longer_than_the_MTU_and_the_ethernet_header_is_refused()
    {
        Assert.Equal(0, Net(Hypercall.NetWrite, 2, 0x1000, 1514));
        Assert.Equal(2, Net(Hypercall.NetWrite, 2, 0x1000, 1515));
        Assert.Equal(2, Net(Hypercall.NetWrite, 1, 0x1000, 60));
    }

    [Theory]
    [InlineData(0x10000UL, 1UL)]
    [InlineData(0xffffUL, 2UL)]
    [InlineData(0UL, 0x10001UL)]
    [InlineData(8UL, ulong.MaxValue)]
    [InlineData(ulong.MaxValue, 1UL)]
    [InlineData(ulong.MaxValue - 7, 16UL)]
    public void Text_outside_of_memory_ends_the_guest(ulong address, ulong length)
    {
        Set(0x100, address);
        Set(0x108, length);
        _ = Assert.Throws<GuestLieException>(() => handler.Handle(2, new(0x100), out _));
    }

    [Fact]
    public void Nothing_is_written_where_the_image_is_read_only()
    {
        memory.Protect([(ReadOnlyFrom, ReadOnlyTo)]);
        Set(0x100, 1);
        Set(0x108, 0);
        Set(0x110, ReadOnlyFrom - 16);
        Set(0x118, 512);
        _ = Assert.Throws<GuestLieException>(() =>
            handler.Handle((uint)Hypercall.BlockRead, new(0x100), out _)
        );
        _ = Assert.Throws<GuestLieException>(() =>
            handler.Handle((uint)Hypercall.WallTime, new(ReadOnlyTo - 1), out _)
        );
    }

    [Fact]
    public void Whatever_a_guest_asks_nothing_outside_of_it_changes()
    {
        ulong[] edges = [0, 1, 2, 512, 4096, Size - 8, Size, ulong.MaxValue - 511, ulong.MaxValue];
        Gen<ulong> number = Gen.Select(
            Gen.Int[0, 2],
            Gen.ULong[0, Size + 64],
            Gen.ULong,
            Gen.Int[0, edges.Length - 1],
            (kind, near, any, edge) =>
                kind == 0 ? near
                : kind == 1 ? any
                : edges[edge]
        );
        Gen.Select(Gen.UInt[0, 9], number, number.Array[5])
            .Sample(
                (call, at, fields) =>
                {
                    // A wait takes as long as the guest says, and a text goes to the console.
                    if (call is (uint)Hypercall.Poll or (uint)Hypercall.Puts)
                    {
                        return;
                    }

                    if (at <= Size - 40)
                    {
                        for (int i = 0; i < fields.Length; i++)
                        {
                            Set(at + 8 * (ulong)i, fields[i]);
                        }
                    }

                    try
                    {
                        _ = handler.Handle(call, new(at), out _);
                    }
                    catch (GuestLieException)
                    {
                        // The guest would be ended.
                    }
                },
                iter: 100_000,
                threads: 1
            );
        Assert.Equal(-1, new Span<byte>(around, Canary).IndexOfAnyExcept((byte)0xa5));
        Assert.Equal(
            -1,
            new Span<byte>(around + Canary + Size, Canary).IndexOfAnyExcept((byte)0xa5)
        );
        Assert.Equal(4096, new FileInfo(path).Length);
    }

    private int Block(Hypercall call, ulong handle, ulong offset, ulong data, ulong length)
    {
        Set(0x100, handle);
        Set(0x108, offset);
        Set(0x110, data);
        Set(0x118, length);
        Assert.False(handler.Handle((uint)call, new(0x100), out _));
        return (int)(uint)Field(0x120);
    }

    private int Net(Hypercall call, ulong handle, ulong data, ulong length)
    {
        Set(0x100, handle);
        Set(0x108, data);
        Set(0x110, length);
        Assert.False(handler.Handle((uint)call, new(0x100), out _));
        return (int)(uint)Field(0x118);
    }

    private void Set(ulong address, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(memory.Host(address, 8), value);

    private ulong Field(ulong address) =>
        BinaryPrimitives.ReadUInt64LittleEndian(memory.Host(address, 8));
}
