using System.Buffers.Binary;
using CsCheck;
using Morgana.Tender.Hvt;
using Morgana.Tender.Hvt.Debugging;

namespace Morgana.Tender.Tests.Hvt.Debugging;

/// <summary>The guest's own page tables decide what a debugger sees, however they are damaged.</summary>
public sealed class PageWalkTests : IDisposable
{
    private const ulong Paging = 0x8000_0001;
    private const ulong Root = 0x1000;
    private readonly GuardedMemory memory = new();

    public void Dispose() => memory.Dispose();

    [Fact]
    public void X64_pages_of_all_sizes_are_found()
    {
        Set(Root, 0, 0x2000 | 1);
        Set(0x2000, 0, 0x3000 | 1);
        Set(0x2000, 1, 0x4000_0000 | 0x81); // 1 GiB
        Set(0x3000, 0, 0x4000 | 1);
        Set(0x3000, 1, 0x40_0000 | 0x81); // 2 MiB, at another place
        Set(0x4000, 5, 0x8000_0000_0000_7000 | 1); // never executable
        Assert.Equal(0x7123UL, X64(0x5123));
        Assert.Null(X64(0x6123));
        Assert.Equal(0x41_2345UL, X64(0x21_2345));
        Assert.Equal(0x4123_4567UL, X64(0x4123_4567));
        Assert.Null(X64(0x8000_0000));
        Assert.Null(X64(0x0000_8000_0000_0000)); // no address of 48 bits
        Assert.Equal(0x1234_5678UL, X64PageWalk.Translate(memory.Memory, 1, Root, 0x1234_5678));
    }

    [Fact]
    public void Arm64_pages_and_blocks_are_found()
    {
        const ulong Bits40 = 24; // TCR_EL1.T0SZ
        Set(Root, 0, 0x2000 | 3);
        Set(0x2000, 0, 0x3000 | 3);
        Set(0x2000, 1, 0x4000_0000 | 1);
        Set(0x3000, 0, 0x4000 | 3);
        Set(0x3000, 1, 0x40_0000 | 1);
        Set(0x4000, 5, 1UL << 54 | 0x7000 | 3);
        Set(0x4000, 6, 0x7000 | 1); // reserved at the last level
        Assert.Equal(0x7123UL, Arm64(0x5123));
        Assert.Null(Arm64(0x6123));
        Assert.Null(Arm64(0x7123));
        Assert.Equal(0x41_2345UL, Arm64(0x21_2345));
        Assert.Equal(0x4123_4567UL, Arm64(0x4123_4567));
        Assert.Null(Arm64(0x100_0000_0000));
        Assert.Equal(0x9999UL, Arm64PageWalk.Translate(memory.Memory, 0, Bits40, Root, 0x9999));
        Assert.Null(Arm64PageWalk.Translate(memory.Memory, 1, Bits40 | 1 << 14, Root, 0x5123));

        // With 39 bits of address the walk begins a level lower.
        Assert.Equal(0x7123UL, Arm64PageWalk.Translate(memory.Memory, 1, 25, 0x2000, 0x5123));

        ulong? Arm64(ulong address) =>
            Arm64PageWalk.Translate(memory.Memory, 1, Bits40, Root, address);
    }

    [Fact]
    public void The_tables_that_the_tender_makes_are_walked()
    {
        using LargeMemory large = new();
        Arm64Tables.Write(large.Memory);
        const ulong Tcr = 0x32_b518_3518;
        Assert.Equal(0x10_0000UL, Walk(0x10_0000));
        Assert.Equal(0x3f_ffffUL, Walk(0x3f_ffff));
        Assert.Null(Walk(0));
        Assert.Null(Walk(0xfff));
        Assert.Null(Walk(0x40_0000));

        ulong? Walk(ulong address) =>
            Arm64PageWalk.Translate(large.Memory, 1, Tcr, Arm64Layout.Level0, address);
    }

    [Fact]
    public void Tables_of_noise_lead_nowhere_bad() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong, Gen.ULong, Gen.Int)
            .Sample(
                (address, root, translation, control, seed) =>
                {
                    new Random(seed).NextBytes(memory.Memory.Host(0, GuardedMemory.Size));
                    _ = X64PageWalk.Translate(memory.Memory, control | Paging, root, address);
                    _ = X64PageWalk.Translate(memory.Memory, Paging, Root, address & 0xffff_ffff);
                    _ = Arm64PageWalk.Translate(memory.Memory, 1, translation, root, address);
                    _ = Arm64PageWalk.Translate(memory.Memory, 1, 24, Root, address & 0xffff_ffff);
                },
                iter: 500
            );

    private ulong? X64(ulong address) =>
        X64PageWalk.Translate(memory.Memory, Paging, Root, address);

    private void Set(ulong table, int index, ulong entry) =>
        BinaryPrimitives.WriteUInt64LittleEndian(
            memory.Memory.Host(table + 8 * (ulong)index, 8),
            entry
        );
}
