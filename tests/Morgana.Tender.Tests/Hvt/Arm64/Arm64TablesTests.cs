using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Morgana.Tender.Hvt;

namespace Morgana.Tender.Tests.Hvt.Arm64;

/// <summary>The translation tables that a guest starts with, walked as the processor does.</summary>
public sealed unsafe class Arm64TablesTests
{
    private const ulong ReadOnly = 1 << 7;
    private const ulong NeverAtEl1 = 1UL << 53;
    private const ulong NeverAtEl0 = 1UL << 54;

    [Theory]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(1024)]
    [InlineData(4096)]
    public void All_memory_is_mapped_one_to_one_and_nothing_else(int megabytes)
    {
        ulong size = (ulong)megabytes << 20;
        byte* start = (byte*)NativeMemory.AllocZeroed(1 << 20);
        try
        {
            GuestMemory memory = new(start, size);
            Arm64Tables.Write(memory);
            for (ulong at = 0; at < 6UL << 30; at += 0x1000)
            {
                // Whole large pages at a time, after the first.
                if (at >= 4 << 20)
                {
                    at += (2 << 20) - 0x1000;
                }

                ulong? found = Walk(memory, at);
                if (at < GuestLayout.BootInfo || at >= size && at < HvtAbi.MmioBase)
                {
                    Assert.Null(found);
                    continue;
                }

                if (at >= HvtAbi.MmioBase + Arm64Layout.MmioSize)
                {
                    Assert.Null(found);
                    continue;
                }

                ulong entry = Assert.NotNull(found);
                Assert.NotEqual(0UL, entry & NeverAtEl0);
                bool told = at < GuestLayout.LowestImageAddress;
                bool device = at >= HvtAbi.MmioBase;
                Assert.Equal(told, (entry & ReadOnly) != 0);
                Assert.Equal(told || device, (entry & NeverAtEl1) != 0);
                // Which byte of MAIR_EL1: Device-nGnRE or write-back.
                int attribute = (int)(entry >> 2 & 7);
                Assert.Equal(
                    device ? 0x04u : 0xffu,
                    Arm64Tables.Attributes >> 8 * attribute & 0xff
                );
            }
        }
        finally
        {
            NativeMemory.Free(start);
        }
    }

    // Four levels of 512 entries; null when the address is not mapped, and the test fails when it is mapped elsewhere.
    private static ulong? Walk(GuestMemory memory, ulong address)
    {
        ulong table = Arm64Layout.Level0;
        for (int level = 0; level < 4; level++)
        {
            int shift = 39 - 9 * level;
            ulong entry = BinaryPrimitives.ReadUInt64LittleEndian(
                memory.Host(table + 8 * (address >> shift & 511), 8)
            );
            ulong target = entry & 0xffff_ffff_f000;
            if ((entry & 1) == 0)
            {
                return null;
            }

            if (level == 3 || (entry & 2) == 0)
            {
                Assert.Equal(level == 3, (entry & 2) != 0);
                Assert.NotEqual(0UL, entry & 1 << 10);
                Assert.Equal(address >> shift << shift, target);
                return entry;
            }

            table = target;
        }

        return null;
    }
}
