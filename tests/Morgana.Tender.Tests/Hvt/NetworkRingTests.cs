using System.Buffers.Binary;
using System.Runtime.InteropServices;
using CsCheck;
using Morgana.Tender.Devices;
using Morgana.Tender.Hvt;
using Morgana.Tender.Linux;

namespace Morgana.Tender.Tests.Hvt;

/// <summary>The host's side of the network ring, without its thread: what it carries out, and what it makes of hostile numbers.</summary>
public sealed unsafe class NetworkRingTests : IDisposable
{
    private const int Size = 1 << 16;
    private const int Canary = 1 << 16;
    private const byte CanaryByte = 0xa5;
    private readonly byte* around;
    private readonly GuestMemory memory;
    private readonly NetworkRing ring;
    private readonly AttachedDevice[] devices;
    private readonly int outside;

    public NetworkRingTests()
    {
        int all = Canary + Size + NetworkRing.Bytes + Canary;
        around = (byte*)NativeMemory.AlignedAlloc((nuint)all, 4096);
        new Span<byte>(around, all).Fill(CanaryByte);
        memory = new GuestMemory(around + Canary, Size, (ulong)NetworkRing.Bytes);
        new Span<byte>(memory.Shared, NetworkRing.Bytes).Clear();
        // A pair of sockets that keep frames apart, as a TAP device does.
        int* pair = stackalloc int[2];
        Assert.Equal(0, SocketPair(1, 5 | 0x800, 0, pair));
        outside = pair[0];
        devices =
        [
            new()
            {
                Name = "disk",
                Handle = 1,
                Descriptor = -1,
                Block = new BlockGeometry(4096, 512),
            },
            new()
            {
                Name = "net",
                Handle = 2,
                Descriptor = pair[1],
                Mtu = 1500,
            },
        ];
        ring = new NetworkRing(memory, devices);
    }

    public void Dispose()
    {
        _ = LinuxCalls.Close(outside);
        _ = LinuxCalls.Close(devices[1].Descriptor);
        NativeMemory.AlignedFree(around);
    }

    [Fact]
    public void A_frame_goes_out_and_another_comes_in()
    {
        "hello"u8.CopyTo(memory.Host(0x1000, 5));
        Submit(0, NetworkRing.NetWrite, 2, 0x1000, 5);
        Submit(1, NetworkRing.NetRead, 2, 0x2000, 1514);
        Field(NetworkRing.SubmittedOffset) = 2;
        Assert.True(ring.HasWork);
        Assert.Equal(2u, ring.Serve());
        Assert.False(ring.HasWork);
        Assert.Equal("hello", Receive());
        Assert.Equal((2u, 1u), (Field(NetworkRing.HeadOffset), Field(NetworkRing.CommittedOffset)));
        Assert.Equal((1u, (uint)Solo5Result.Again, 0u), Answer(0));

        Send("world"u8);
        Submit(2, NetworkRing.NetRead, 2, 0x2000, 1514);
        Field(NetworkRing.SubmittedOffset) = 3;
        Assert.Equal(1u, ring.Serve());
        Assert.Equal((2u, (uint)Solo5Result.Ok, 5u), Answer(1));
        Assert.Equal("world"u8, memory.Host(0x2000, 5));
    }

    [Fact]
    public void Indices_wrap()
    {
        uint submitted = 0;
        for (int i = 0; i < 3000; i++)
        {
            Submit(submitted, NetworkRing.NetRead, 2, 0x2000, 100);
            Field(NetworkRing.SubmittedOffset) = ++submitted;
            Assert.Equal(1u, ring.Serve());
            Assert.Equal(submitted, Field(NetworkRing.CommittedOffset));
            Assert.Equal(submitted - 1, Answer(submitted - 1).Id);
            Field(NetworkRing.TakenOffset) = submitted;
        }
    }

    [Theory]
    [InlineData(1025u)]
    [InlineData(0x8000_0000u)]
    [InlineData(uint.MaxValue)]
    public void More_requests_than_it_holds_end_the_guest(uint submitted)
    {
        Field(NetworkRing.SubmittedOffset) = submitted;
        _ = Assert.Throws<GuestLieException>(() => ring.Serve());
    }

    [Fact]
    public void Answers_that_nobody_takes_end_the_guest_before_one_is_overwritten()
    {
        uint submitted = 0;
        for (; submitted < NetworkRing.Entries; submitted++)
        {
            Submit(submitted, NetworkRing.NetRead, 2, 0x2000, 100);
            Field(NetworkRing.SubmittedOffset) = submitted + 1;
            _ = ring.Serve();
        }

        Submit(submitted, NetworkRing.NetRead, 2, 0x2000, 100);
        Field(NetworkRing.SubmittedOffset) = submitted + 1;
        _ = Assert.Throws<GuestLieException>(() => ring.Serve());
        Assert.Equal(0u, Answer(0).Id);
    }

    [Theory]
    [InlineData(2u, 0x1000UL, 1515u, (uint)Solo5Result.Invalid)] // of a write: longer than a frame
    [InlineData(1u, 0x1000UL, 512u, (uint)Solo5Result.Invalid)] // the disk
    [InlineData(0u, 0x1000UL, 512u, (uint)Solo5Result.Invalid)]
    [InlineData(3u, 0x1000UL, 512u, (uint)Solo5Result.Invalid)]
    [InlineData(uint.MaxValue, 0x1000UL, 512u, (uint)Solo5Result.Invalid)]
    public void What_is_not_a_networks_frame_is_not_sent(
        uint handle,
        ulong data,
        uint size,
        uint expected
    )
    {
        Submit(0, NetworkRing.NetWrite, handle, data, size);
        Submit(1, NetworkRing.NetRead, handle == 2 ? 0 : handle, data, size);
        Field(NetworkRing.SubmittedOffset) = 2;
        Assert.Equal(2u, ring.Serve());
        Assert.Equal("", Receive());
        Assert.Equal(expected, Answer(0).Result);
    }

    [Theory]
    [InlineData((ulong)Size)] // the ring itself
    [InlineData(Size - 99UL)]
    [InlineData(1UL << 32)]
    [InlineData(ulong.MaxValue - 50)]
    public void A_frame_outside_of_memory_ends_the_guest(ulong data)
    {
        Submit(0, NetworkRing.NetRead, 2, data, 100);
        Field(NetworkRing.SubmittedOffset) = 1;
        _ = Assert.Throws<GuestLieException>(() => ring.Serve());
    }

    [Fact]
    public void Whatever_is_in_the_ring_nothing_else_changes()
    {
        Gen.Select(Gen.UInt, Gen.UInt, Gen.UInt[0, 3], Gen.UInt[0, 3], Gen.ULong, Gen.UInt)
            .Sample(
                (submitted, taken, operation, handle, data, size) =>
                {
                    // The host's own words in the ring are the guest's to damage as well: they are never read back.
                    new Span<byte>(memory.Shared, NetworkRing.EntriesOffset).Fill((byte)size);
                    NetworkRing fresh = new(memory, devices);
                    Field(NetworkRing.SubmittedOffset) = submitted % 2048;
                    Field(NetworkRing.TakenOffset) = taken % 3 == 0 ? 0 : taken;
                    for (uint i = 0; i < NetworkRing.Entries; i += 64)
                    {
                        Submit(i, operation, handle, data % (2 * Size), size % 3000);
                    }

                    try
                    {
                        _ = fresh.Serve();
                    }
                    catch (GuestLieException)
                    {
                        // The guest would be ended.
                    }

                    while (Receive().Length > 0)
                    {
                        // Frames that were right.
                    }
                },
                iter: 2000,
                threads: 1
            );
        Assert.Equal(-1, new Span<byte>(around, Canary).IndexOfAnyExcept(CanaryByte));
        Assert.Equal(
            -1,
            new Span<byte>(around + Canary + Size + NetworkRing.Bytes, Canary).IndexOfAnyExcept(
                CanaryByte
            )
        );
    }

    private (uint Id, uint Result, uint Length) Answer(uint index)
    {
        int at =
            NetworkRing.CommitsOffset + (int)(index % NetworkRing.Entries) * NetworkRing.CommitSize;
        return (Field(at), Field(at + 4), Field(at + 8));
    }

    private void Submit(uint index, uint operation, uint handle, ulong data, uint size)
    {
        int at =
            NetworkRing.EntriesOffset + (int)(index % NetworkRing.Entries) * NetworkRing.EntrySize;
        Field(at) = operation;
        Field(at + 4) = handle;
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(memory.Shared + at + 8, 8), data);
        Field(at + 16) = size;
        Field(at + 20) = index;
    }

    private ref uint Field(int offset) => ref *(uint*)(memory.Shared + offset);

    private string Receive()
    {
        byte* buffer = stackalloc byte[2048];
        nint count = LinuxCalls.Read(outside, buffer, 2048);
        return count <= 0
            ? ""
            : System.Text.Encoding.ASCII.GetString(new ReadOnlySpan<byte>(buffer, (int)count));
    }

    private void Send(ReadOnlySpan<byte> frame)
    {
        fixed (byte* at = frame)
        {
            Assert.Equal(frame.Length, LinuxCalls.Write(outside, at, (nuint)frame.Length));
        }
    }

    [DllImport("libc", EntryPoint = "socketpair")]
    private static extern int SocketPair(int domain, int type, int protocol, int* pair);
}
