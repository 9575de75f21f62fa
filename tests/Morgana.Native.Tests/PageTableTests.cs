using System.Runtime.InteropServices;
using CsCheck;

namespace Morgana.Native.Tests;

/// <summary>
/// The page tables of a bare x86-64 (native/machine/layout_x86_64.c): built for images and memories of many sizes, then walked as
/// the processor walks them, by code of its own.
/// </summary>
[Collection(nameof(GuestMemory))]
public sealed unsafe class PageTableTests
{
    private const ulong Page = 4096;
    private const ulong LargePage = 2 << 20;
    private const ulong Start = 0x100000;
    private const int TablePages = 64;

    // The image's parts in pages, then memory behind it, in pages; the largest is 4 GiB, where hvt ends.
    private static readonly Gen<ImageLayout> Layouts = Gen.Select(
            Gen.Int[1, 3000],
            Gen.Int[1, 2000],
            Gen.Int[1, 3000],
            Gen.OneOf(Gen.Int[16, 2000], Gen.Int[2000, 1_000_000])
        )
        .Select(
            (text, constants, data, heap) =>
                new ImageLayout
                {
                    Low = 0x10000,
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
    }

    [Fact]
    public void Every_page_can_do_what_its_part_of_the_image_may_and_none_can_be_written_and_executed() =>
        Layouts.Sample(
            layout =>
                WithTables(root =>
                {
                    Assert.True(NativeParts.TablesLayout(in layout));
                    foreach (ulong page in Interesting(layout))
                    {
                        Check(Expected(layout, page), root, page);
                    }
                }),
            iter: 60,
            threads: 1
        );

    [Fact]
    public void Guards_take_their_page_away_and_nothing_else_and_give_it_back() =>
        Gen.Select(Layouts, Gen.Select(Gen.Bool, Gen.Double[0, 1]).Array[30])
            .Sample(
                (layout, steps) =>
                    WithTables(root =>
                    {
                        Assert.True(NativeParts.TablesLayout(in layout));
                        HashSet<ulong> guards = [];
                        foreach ((bool guard, double where) in steps)
                        {
                            // Few places, so that guards meet; those next to each other are often in one large page.
                            ulong pages = (layout.End - layout.Data) / Page;
                            ulong page = layout.Data + (ulong)(where * 40) * pages / 40 * Page;
                            if (page >= layout.End)
                            {
                                continue;
                            }

                            Assert.True(NativeParts.TablesGuard(in layout, page, guard));
                            _ = guard ? guards.Add(page) : guards.Remove(page);
                        }

                        foreach (ulong page in Interesting(layout).Concat(Around(guards)))
                        {
                            Access expected = guards.Contains(page)
                                ? Access.None
                                : Expected(layout, page);
                            Check(expected, root, page);
                        }
                    }),
                iter: 60,
                threads: 1
            );

    [Fact]
    public void No_guard_can_be_made_of_code_or_constants_or_behind_memory() =>
        Layouts.Sample(
            layout =>
                WithTables(root =>
                {
                    Assert.True(NativeParts.TablesLayout(in layout));
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
                        Assert.False(NativeParts.TablesGuard(in layout, page, true));
                        Assert.False(NativeParts.TablesGuard(in layout, page, false));
                        Check(Expected(layout, page), root, page);
                    }
                }),
            iter: 50,
            threads: 1
        );

    [Fact]
    public void Where_no_page_is_left_for_a_table_the_guard_is_refused_and_nothing_has_changed() =>
        Layouts.Sample(
            layout =>
            {
                nuint needed = 0;
                WithTables(_ =>
                {
                    Assert.True(NativeParts.TablesLayout(in layout));
                    needed = TablePages - NativeParts.TablesPagesLeft();
                });
                WithTables(
                    root =>
                    {
                        Assert.True(NativeParts.TablesLayout(in layout));
                        ulong page = (layout.End - Page) / LargePage * LargePage;
                        if (page - LargePage < layout.Data)
                        {
                            return;
                        }

                        // In the last large page of memory.
                        page -= LargePage;
                        ulong size;
                        _ = NativeParts.TablesFind(page, &size);
                        Assert.Equal(
                            size != LargePage,
                            NativeParts.TablesGuard(in layout, page, true)
                        );
                        Assert.Equal(
                            size != LargePage ? Access.None : Access.Read | Access.Write,
                            Walk(root, page)
                        );
                        Assert.Equal(Expected(layout, page + Page), Walk(root, page + Page));
                    },
                    needed
                );
            },
            iter: 60,
            threads: 1
        );

    [Fact]
    public void A_ring_right_above_memory_can_be_written_never_executed_and_nothing_else_changes() =>
        Layouts.Sample(
            layout =>
                WithTables(root =>
                {
                    Assert.True(NativeParts.TablesLayout(in layout));
                    ulong ring = layout.End;
                    ulong end = ring + 13 * Page;
                    Assert.True(NativeParts.TablesMap(ring, end, 0x8000000000000063));
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
                    Assert.False(NativeParts.TablesGuard(in layout, ring, true));
                }),
            iter: 60,
            threads: 1
        );

    [Fact]
    public void Memory_is_mapped_in_large_pages_so_that_a_gigabyte_costs_a_few_tables() =>
        WithTables(root =>
        {
            ImageLayout layout = new()
            {
                Low = 0x10000,
                Text = Start,
                Constants = Start + 300 * Page,
                Data = Start + 500 * Page,
                End = 1 << 30,
            };
            Assert.True(NativeParts.TablesLayout(in layout));
            // One of each upper level, and the first two large pages in small ones.
            Assert.Equal((nuint)5, TablePages - NativeParts.TablesPagesLeft());
            ulong size;
            Assert.NotEqual(0UL, NativeParts.TablesFind(512 << 20, &size));
            Assert.Equal(LargePage, size);
        });

    [Fact]
    public void Any_order_of_mappings_ends_with_what_was_mapped_last() =>
        Gen.Select(Gen.Int[0, 1100], Gen.Int[1, 600], Gen.Int[0, 2])
            .Array[1, 12]
            .Sample(
                steps =>
                    WithTables(root =>
                    {
                        Access[] model = new Access[1700];
                        (Access Access, ulong Bits)[] kinds =
                        [
                            (Access.None, 0),
                            (Access.Read, 1UL | 1UL << 63),
                            (Access.Read | Access.Write, 3UL | 1UL << 63),
                        ];
                        foreach ((int from, int count, int kind) in steps)
                        {
                            Assert.True(
                                NativeParts.TablesMap(
                                    (ulong)from * Page,
                                    (ulong)(from + count) * Page,
                                    kinds[kind].Bits
                                )
                            );
                            Array.Fill(model, kinds[kind].Access, from, count);
                        }

                        for (int i = 0; i < model.Length; i++)
                        {
                            Check(model[i], root, (ulong)i * Page);
                        }
                    }),
                iter: 60,
                threads: 1
            );

    private static void WithTables(TableUse use, nuint pages = TablePages)
    {
        byte* memory = (byte*)NativeMemory.AlignedAlloc(TablePages * (nuint)Page, (nuint)Page);
        try
        {
            use(NativeParts.TablesBegin(memory, pages));
        }
        finally
        {
            NativeMemory.AlignedFree(memory);
        }
    }

    private delegate void TableUse(ulong* root);

    /// <summary>What the processor's walk gives (Intel SDM volume 3A, 4.5): rights must hold at every level.</summary>
    private static Access Walk(ulong* root, ulong address)
    {
        if (address >> 47 != 0)
        {
            return Access.None;
        }

        ulong* table = root;
        bool write = true;
        bool execute = true;
        for (int level = 3; ; level--)
        {
            ulong entry = table[address >> (12 + 9 * level) & 511];
            if ((entry & 1) == 0)
            {
                return Access.None;
            }

            write &= (entry & 2) != 0;
            execute &= entry >> 63 == 0;
            bool isLarge = level is 1 or 2 && (entry & 0x80) != 0;
            ulong target = entry & 0x000f_ffff_ffff_f000;
            if (level == 0 || isLarge)
            {
                // One to one, whatever the size.
                ulong size = Page << (9 * level);
                if (target % size != 0 || address / size * size != target)
                {
                    Assert.Fail($"0x{address:x} leads to 0x{target:x}");
                }

                return Access.Read | (write ? Access.Write : 0) | (execute ? Access.Execute : 0);
            }

            table = (ulong*)target;
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

        for (ulong page = layout.Data; page < layout.End; page += LargePage - Page)
        {
            yield return page & ~(Page - 1);
        }

        foreach (ulong page in Around([layout.End, layout.End / LargePage * LargePage]))
        {
            yield return page;
        }
    }

    private static IEnumerable<ulong> Around(IEnumerable<ulong> pages) =>
        pages.SelectMany(page => (ulong[])[page - Page, page, page + Page]);
}
