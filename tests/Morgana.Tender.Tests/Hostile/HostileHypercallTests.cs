using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Morgana.Tender.Devices;
using Morgana.Tender.Hvt;
using Morgana.Tender.Linux;

namespace Morgana.Tender.Tests.Hostile;

/// <summary>
/// Every hypercall with every combination of wrong addresses, lengths and handles. Beside what <c>HypercallTests</c> shows of single cases: here the
/// tender's memory around the guest, the guest's read-only memory and the disk are compared after each call.
/// </summary>
public sealed unsafe class HostileHypercallTests : IDisposable
{
    private const int Size = 1 << 16;
    private const int Canary = 1 << 16;
    private const ulong Argument = 0x8000;
    private const ulong ReadOnlyFrom = 0x4000;
    private const ulong ReadOnlyTo = 0x5000;
    private const int DiskSize = 1 << 20;
    private const byte CanaryByte = 0xa5;

    private static readonly ulong[] Addresses =
    [
        0,
        1,
        ReadOnlyFrom - 1,
        ReadOnlyFrom,
        ReadOnlyTo - 1,
        ReadOnlyTo,
        Size - 512,
        Size - 511,
        Size - 1,
        Size,
        Size + 1,
        Size + Canary,
        uint.MaxValue,
        1UL << 32,
        ulong.MaxValue - Size,
        ulong.MaxValue - 511,
        ulong.MaxValue,
    ];

    private static readonly ulong[] Lengths =
    [
        0,
        1,
        511,
        512,
        513,
        1514,
        1515,
        4096,
        Size - 1,
        Size,
        Size + 1,
        DiskSize,
        int.MaxValue,
        uint.MaxValue,
        1UL << 32,
        1UL << 63,
        ulong.MaxValue - 511,
        ulong.MaxValue,
    ];

    private static readonly ulong[] Handles =
    [
        0,
        1,
        2,
        3,
        63,
        64,
        uint.MaxValue,
        1UL << 32 | 1,
        ulong.MaxValue,
    ];

    private readonly string path = Path.GetTempFileName();
    private readonly byte* around;
    private readonly GuestMemory memory;
    private readonly HypercallHandler handler;
    private readonly int disk;
    private readonly int network;
    private int lies;
    private int answers;

    public HostileHypercallTests()
    {
        around = (byte*)NativeMemory.AlignedAlloc(Canary + Size + Canary, 4096);
        new Span<byte>(around, Canary + Size + Canary).Fill(CanaryByte);
        memory = new GuestMemory(around + Canary, Size);
        memory.Protect([(ReadOnlyFrom, ReadOnlyTo)]);
        File.WriteAllBytes(path, new byte[DiskSize]);
        disk = LinuxFile.Open(path, LinuxCalls.OpenReadWrite);
        network = LinuxFile.Open("/dev/zero", LinuxCalls.OpenReadWrite);
        AttachedDevice[] devices =
        [
            new()
            {
                Name = "disk",
                Handle = 1,
                Descriptor = disk,
                Block = new BlockGeometry(DiskSize, 512),
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
        _ = LinuxCalls.Protect(
            around + Canary,
            Size,
            LinuxCalls.ProtectRead | LinuxCalls.ProtectWrite
        );
        NativeMemory.AlignedFree(around);
        File.Delete(path);
    }

    [Fact]
    public void Network_and_disk_whatever_the_address_the_length_the_handle_and_the_offset()
    {
        foreach (ulong handle in Handles)
        {
            foreach (ulong address in Addresses)
            {
                foreach (ulong length in Lengths)
                {
                    Call(Hypercall.NetRead, Argument, handle, address, length);
                    Call(Hypercall.NetWrite, Argument, handle, address, length);
                    foreach (ulong offset in Lengths)
                    {
                        Call(Hypercall.BlockRead, Argument, handle, offset, address, length);
                        Call(Hypercall.BlockWrite, Argument, handle, offset, address, length);
                    }
                }
            }
        }

        Unharmed();
    }

    [Fact]
    public void Arguments_that_do_not_lie_in_memory_as_a_whole()
    {
        foreach (Hypercall call in Enum.GetValues<Hypercall>())
        {
            foreach (ulong address in Addresses)
            {
                // What would be carried out takes long, or shows on the console.
                if (call is Hypercall.Poll or Hypercall.Puts && address < Size - 24)
                {
                    continue;
                }

                Call(call, address);
            }
        }

        Unharmed();
    }

    [Fact]
    public void Texts_that_do_not_lie_in_memory_as_a_whole()
    {
        foreach (ulong address in Addresses)
        {
            foreach (ulong length in Lengths)
            {
                if (address < Size && length <= Size - address)
                {
                    continue;
                }

                Set(address, length);
                _ = Assert.Throws<GuestLieException>(() =>
                    handler.Handle((uint)Hypercall.Puts, new(Argument), out _)
                );
            }
        }

        Unharmed(compared: false);
    }

    [Fact]
    public void Devices_stay_what_they_were_when_the_guest_rewrites_its_manifest()
    {
        // The manifest lies in guest memory, and a guest owns its page tables: the tender never reads it again.
        memory.Host(0, (int)ReadOnlyFrom).Fill(0xff);
        Set(1, 0, 0x1000, 512);
        Assert.False(handler.Handle((uint)Hypercall.BlockRead, new(Argument), out _));
        Assert.Equal(0, BinaryPrimitives.ReadInt32LittleEndian(memory.Host(Argument + 32, 4)));
        Set(2, 0, 0x1000, 512);
        Assert.False(handler.Handle((uint)Hypercall.BlockRead, new(Argument), out _));
        Assert.Equal(2, BinaryPrimitives.ReadInt32LittleEndian(memory.Host(Argument + 32, 4)));
    }

    private void Call(Hypercall call, ulong argument, params ReadOnlySpan<ulong> fields)
    {
        Set(fields);
        try
        {
            _ = handler.Handle((uint)call, new(argument), out _);
            answers++;
        }
        catch (GuestLieException)
        {
            lies++;
        }
    }

    private void Set(params ReadOnlySpan<ulong> fields)
    {
        for (int i = 0; i < fields.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(
                memory.Host(Argument + 8 * (ulong)i, 8),
                fields[i]
            );
        }
    }

    private void Unharmed(bool compared = true)
    {
        Assert.Equal(-1, new Span<byte>(around, Canary).IndexOfAnyExcept(CanaryByte));
        Assert.Equal(
            -1,
            new Span<byte>(around + Canary + Size, Canary).IndexOfAnyExcept(CanaryByte)
        );
        Assert.Equal(
            -1,
            memory.Host(ReadOnlyFrom, (int)(ReadOnlyTo - ReadOnlyFrom)).IndexOfAnyExcept(CanaryByte)
        );
        Assert.Equal(DiskSize, new FileInfo(path).Length);
        if (compared)
        {
            Assert.NotEqual(0, lies);
            Assert.NotEqual(0, answers);
        }
    }
}
