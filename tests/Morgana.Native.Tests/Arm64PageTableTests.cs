using System.Runtime.InteropServices;
using CsCheck;

namespace Morgana.Native.Tests;

/// <summary>
/// The translation tables of a bare arm64: built for images and memories of many sizes, then walked as the processor walks them,
/// by code of its own. Writable memory is never executable by these bits alone, without SCTLR_EL1.WXN.
/// </summary>
[Collection(nameof(GuestMemory))]
public sealed unsafe class Arm64PageTableTests
{
    private const ulong Page = 4096;
    private const ulong Block = 2 << 20;
    private const ulong Start = 0x100000;
    private const ulong Low = 0x10000;
    private const int TablePages = 64;
    private const int Spare = 8;

    // The image's parts in pages, then memory behind it, in pages; the largest is 4 GiB, where hvt ends.
    private static readonly Gen<ImageLayout> Layouts = Gen.Select(
            Gen.Int[1, 3000],
            Gen.Int[1, 2000],
            Gen.Int[1, 3000],
            Gen.OneOf(Gen.Int[32, 2000], Gen.Int[2000, 1_000_000])
        )
        .Select(
            (text, constants, data, heap) =>
                new ImageLayout
                {
                    Low = Low,
                    Text = Start,
                    Constants = Start + (ulong)text * Page,
                    Data = Start + (ulong)(text + constants) * Page,
                    End = Start + (ulong)(text + constants + data + heap) * Page,
                }
        );

    [Flags]
    private enum Access
    {
        None = 0,
        Read = 1,
        Write = 2,
        Execute = 4,
        Device = 8,
    }

    [Fact]
    public void Every_page_can_do_what_its_part_of_the_image_may_and_none_can_be_written_and_executed() =>
        Layouts.Sample(
            layout =>
                WithTables(
                    layout,
                    root =>
                    {
                        foreach (ulong page in Interesting(layout))
                        {
                            Check(Expected(layout, page), root, page);
                        }
                    }
                ),
            iter: 60,
            threads: 1
        );

    [Fact]
    public void Guards_split_blocks_without_ever_taking_away_where_descriptors_of_blocks_are() =>
        Gen.Select(Layouts, Gen.Select(Gen.Bool, Gen.Double[0, 1]).Array[30])
            .Sample(
                (layout, steps) =>
                    WithTables(
                        layout,
                        root =>
                        {
                            HashSet<ulong> guards = [];
                            foreach ((bool guard, double where) in steps)
                            {
                                // Few places, so that guards meet; behind the tables themselves, where the heap is.
                                ulong heap = Heap(layout) + (TablePages + 1) * Page;
                                ulong pages = layout.End > heap ? (layout.End - heap) / Page : 0;
                                ulong page = heap + (ulong)(where * 40) * pages / 40 * Page;
                                if (page >= layout.End)
                                {
                                    continue;
                                }

                                Assert.True(Arm64Tables.Guard(in layout, page, guard));
                                _ = guard ? guards.Add(page) : guards.Remove(page);
                            }

                            Assert.Equal((nuint)0, Arm64Tables.Faults());
                            foreach (ulong page in Interesting(layout).Concat(Around(guards)))
                            {
                                Access expected = guards.Contains(page)
                                    ? Access.None
                                    : Expected(layout, page);
                                Check(expected, root, page);
                            }
                        }
                    ),
                iter: 60,
                threads: 1
            );

    [Fact]
    public void The_test_of_replaced_descriptors_notices_tables_that_lie_in_a_block()
    {
        ImageLayout layout = new()
        {
            Low = Low,
            Text = Start,
            Constants = Start + Page,
            Data = Start + 2 * Page,
            End = 64 << 20,
        };
        // Not by pages: the tables are in the very block that is split.
        WithMemory(memory =>
        {
            _ = Arm64Tables.Begin(memory, TablePages, 0);
            Assert.True(Arm64Tables.Layout(in layout, Spare));
            ulong* root = Arm64Tables.Begin(memory, TablePages, 32 << 20);
            Assert.True(Arm64Tables.Map(0, layout.End, 0x60000000000711));
            Assert.True(Arm64Tables.Map(33 << 20, (33 << 20) + Page, 0));
            Assert.NotEqual((nuint)0, Arm64Tables.Faults());
            Check(Access.None, root, 33 << 20);
        });
    }

    [Fact]
    public void No_guard_can_be_made_of_code_or_constants_or_behind_memory() =>
        Layouts.Sample(
            layout =>
                WithTables(
                    layout,
                    root =>
                    {
                        foreach (
                            ulong page in (ulong[])
                                [
                                    0,
                                    layout.Low,
                                    layout.Text,
                                    layout.Constants,
                                    layout.Data - Page,
                                    layout.Data + 1,
                                    layout.End,
                                    ulong.MaxValue & ~(Page - 1),
                                ]
                        )
                        {
                            // Giving back what was never taken would make it writable.
                            Assert.False(Arm64Tables.Guard(in layout, page, true));
                            Assert.False(Arm64Tables.Guard(in layout, page, false));
                            Check(Expected(layout, page), root, page);
                        }

                        Assert.Equal((nuint)0, Arm64Tables.Replaced());
                    }
                ),
            iter: 50,
            threads: 1
        );

    [Fact]
    public void A_ring_right_above_memory_can_be_written_never_executed_and_nothing_else_changes() =>
        Layouts.Sample(
            layout =>
                WithTables(
                    layout,
                    root =>
                    {
                        ulong ring = layout.End;
                        ulong end = ring + 13 * Page;
                        Assert.True(Arm64Tables.Map(ring, end, 0x60000000000711));
                        foreach (ulong page in Interesting(layout).Concat(Around([ring, end])))
                        {
                            Check(
                                page >= ring && page < end
                                    ? Access.Read | Access.Write
                                    : Expected(layout, page),
                                root,
                                page
                            );
                        }

                        // Guards are the heap's business.
                        Assert.False(Arm64Tables.Guard(in layout, ring, true));
                        Assert.Equal((nuint)0, Arm64Tables.Faults());
                    }
                ),
            iter: 60,
            threads: 1
        );

    [Fact]
    public void Memory_is_mapped_in_blocks_so_that_a_gigabyte_costs_a_few_tables()
    {
        ImageLayout layout = new()
        {
            Low = Low,
            Text = Start,
            Constants = Start + 300 * Page,
            Data = Start + 500 * Page,
            End = 1 << 30,
        };
        WithTables(
            layout,
            _ =>
            {
                // One of each upper level, the first two blocks in pages, and at most two for where the tables are.
                Assert.InRange(TablePages - (int)Arm64Tables.PagesLeft(), 4, 6);
                ulong size;
                Assert.NotEqual(0UL, Arm64Tables.Find(512 << 20, &size));
                Assert.Equal(Block, size);
            }
        );
    }

    [Fact]
    public void A_device_beyond_memory_is_mapped_as_one() =>
        WithTables(
            new()
            {
                Low = Low,
                Text = Start,
                Constants = Start + Page,
                Data = Start + 2 * Page,
                End = 64 << 20,
            },
            root =>
            {
                const ulong Calls = 0x1_0000_0000;
                Assert.True(Arm64Tables.Map(Calls, Calls + Page, 0x60000000000705));
                Check(Access.Read | Access.Write | Access.Device, root, Calls);
                Check(Access.None, root, Calls - Page);
                Check(Access.None, root, Calls + Page);
            }
        );

    [Fact]
    public void Any_order_of_mappings_ends_with_what_was_mapped_last() =>
        Gen.Select(Gen.Int[0, 1100], Gen.Int[1, 600], Gen.Int[0, 2])
            .Array[1, 12]
            .Sample(
                steps =>
                    WithMemory(memory =>
                    {
                        ulong* root = Arm64Tables.Begin(memory, TablePages, 0);
                        Access[] model = new Access[1700];
                        (Access Access, ulong Bits)[] kinds =
                        [
                            (Access.None, 0),
                            (Access.Read, 0x60000000000791),
                            (Access.Read | Access.Write, 0x60000000000711),
                        ];
                        foreach ((int from, int count, int kind) in steps)
                        {
                            Assert.True(
                                Arm64Tables.Map(
                                    (ulong)from * Page,
                                    (ulong)(from + count) * Page,
                                    kinds[kind].Bits
                                )
                            );
                            Array.Fill(model, kinds[kind].Access, from, count);
                        }

                        Assert.Equal((nuint)0, Arm64Tables.Faults());
                        for (int i = 0; i < model.Length; i++)
                        {
                            Check(model[i], root, (ulong)i * Page);
                        }
                    }),
                iter: 60,
                threads: 1
            );

    private delegate void TableUse(ulong* root);

    private delegate void MemoryUse(byte* memory);

    // As the machine does: the tables lie at the start of the heap.
    private static ulong Heap(ImageLayout layout) =>
        Math.Min(layout.Data + 40 * Page, layout.End - 30 * Page);

    private static void WithTables(ImageLayout layout, TableUse use) =>
        WithMemory(memory =>
        {
            ulong* root = Arm64Tables.Begin(memory, TablePages, Heap(layout));
            Assert.True(Arm64Tables.Layout(in layout, Spare));
            use(root);
        });

    private static void WithMemory(MemoryUse use)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc(TablePages * (nuint)Page, (nuint)Page);
        try
        {
            use(memory);
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    /// <summary>What the processor's walk gives (Arm ARM, VMSAv8-64, 39 bits of address, 4 KiB granule), at EL1.</summary>
    private static Access Walk(ulong* root, ulong address)
    {
        if (address >> 39 != 0)
        {
            return Access.None;
        }

        ulong* table = root;
        for (int level = 1; ; level++)
        {
            int shift = 12 + 9 * (3 - level);
            ulong descriptor = table[address >> shift & 511];
            if ((descriptor & 1) == 0)
            {
                return Access.None;
            }

            ulong target = descriptor & 0x0000_ffff_ffff_f000;
            bool isTableOrPage = (descriptor & 2) != 0;
            if (level < 3 && isTableOrPage)
            {
                // Tables restrict nothing here: the bits for that are zero.
                Assert.Equal(0UL, descriptor >> 59);
                table = (ulong*)target;
                continue;
            }

            if (level == 3 && !isTableOrPage)
            {
                Assert.Fail($"0x{address:x}: a reserved descriptor");
            }

            ulong size = 1UL << shift;
            if (target % size != 0 || address / size * size != target)
            {
                Assert.Fail($"0x{address:x} leads to 0x{target:x}");
            }

            // The access flag must be set, and AP[1] must not be: that would be EL0's.
            if ((descriptor & 1 << 10) == 0 || (descriptor & 1 << 6) != 0)
            {
                Assert.Fail($"0x{address:x}: descriptor 0x{descriptor:x}");
            }

            return Access.Read
                | ((descriptor & 1 << 7) == 0 ? Access.Write : 0)
                | ((descriptor >> 53 & 1) == 0 ? Access.Execute : 0)
                | ((descriptor >> 2 & 7) == 1 ? Access.Device : 0);
        }
    }

    // Assert.Equal is too slow for millions of pages.
    private static void Check(Access expected, ulong* root, ulong page)
    {
        Access found = Walk(root, page);
        if (found != expected)
        {
            Assert.Fail($"0x{page:x} can {found}, not {expected}");
        }
    }

    private static Access Expected(ImageLayout layout, ulong page) =>
        page < layout.Low || page >= layout.End ? Access.None
        : page < layout.Text ? Access.Read
        : page < layout.Constants ? Access.Read | Access.Execute
        : page < layout.Data ? Access.Read
        : Access.Read | Access.Write;

    /// <summary>All pages of the image and around each border, and a choice of the heap's.</summary>
    private static IEnumerable<ulong> Interesting(ImageLayout layout)
    {
        for (ulong page = 0; page < layout.Data + 100 * Page; page += Page)
        {
            yield return page;
        }

        for (ulong page = layout.Data; page < layout.End; page += Block - Page)
        {
            yield return page & ~(Page - 1);
        }

        foreach (ulong page in Around([layout.End, layout.End / Block * Block]))
        {
            yield return page;
        }
    }

    private static IEnumerable<ulong> Around(IEnumerable<ulong> pages) =>
        pages.SelectMany(page => (ulong[])[page - Page, page, page + Page]);
}
