using CsCheck;

namespace Morgana.Native.Tests;

/// <summary>mmap over guest memory (native/memory/mapping.c), as the garbage collector uses it.</summary>
[Collection(nameof(GuestMemory))]
public sealed unsafe class MappingTests(GuestMemory memory) : IClassFixture<GuestMemory>
{
    private const int None = 0;
    private const int ReadWrite = 3;
    private const int Anonymous = 0x22;
    private const int Fixed = 0x10;
    private static readonly byte* Failed = (byte*)-1;

    [Fact]
    public void Memory_that_was_given_back_is_zero_when_it_is_committed_again()
    {
        memory.Reset();
        const int Size = 1 << 20;
        byte* start = NativeParts.Map(null, Size, None, Anonymous, -1, 0);
        Assert.True(start != Failed);
        Assert.Equal(0, NativeParts.Protect(start, Size, ReadWrite));
        new Span<byte>(start, Size).Fill(0xaa);
        Assert.True(
            NativeParts.Map(start + 8192, 65536, None, Anonymous | Fixed, -1, 0) == start + 8192
        );
        Assert.Equal(0, NativeParts.Protect(start + 8192, 65536, ReadWrite));
        Assert.True(new ReadOnlySpan<byte>(start + 8192, 65536).IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal(0xaa, start[8191]);
        Assert.Equal(0xaa, start[8192 + 65536]);
    }

    [Fact]
    public void Committing_what_is_committed_keeps_its_content()
    {
        memory.Reset();
        byte* start = NativeParts.Map(null, 65536, ReadWrite, Anonymous, -1, 0);
        start[5000] = 7;
        Assert.Equal(0, NativeParts.Protect(start, 65536, ReadWrite));
        Assert.Equal(7, start[5000]);
    }

    [Fact]
    public void Ranges_do_not_overlap_and_all_pages_come_back() =>
        Gen.Select(Gen.Bool, Gen.Int[1, 700], Gen.Int[0, 1000])
            .Array[120]
            .Sample(
                steps =>
                {
                    memory.Reset();
                    nuint all = NativeParts.PagesFreeCount();
                    List<(nint Start, int Pages, int Mark)> ranges = [];
                    int mark = 0;
                    foreach ((bool release, int pages, int pick) in steps)
                    {
                        if (release && ranges.Count > 0)
                        {
                            (nint start, int count, int seen) = ranges[pick % ranges.Count];
                            ranges.RemoveAt(pick % ranges.Count);
                            CheckMarks(start, count, seen);
                            Assert.Equal(
                                0,
                                NativeParts.Unmap((byte*)start, (nuint)(count * GuestMemory.Page))
                            );
                            continue;
                        }

                        byte* range = NativeParts.Map(
                            null,
                            (nuint)(pages * GuestMemory.Page),
                            ReadWrite,
                            Anonymous,
                            -1,
                            0
                        );
                        if (range == Failed)
                        {
                            continue;
                        }

                        mark++;
                        for (int i = 0; i < pages; i++)
                        {
                            Assert.Equal(0, *(int*)(range + i * GuestMemory.Page));
                            *(int*)(range + i * GuestMemory.Page) = mark;
                        }

                        ranges.Add(((nint)range, pages, mark));
                    }

                    foreach ((nint start, int count, int seen) in ranges)
                    {
                        CheckMarks(start, count, seen);
                        Assert.Equal(
                            0,
                            NativeParts.Unmap((byte*)start, (nuint)(count * GuestMemory.Page))
                        );
                    }

                    Assert.Equal(all, NativeParts.PagesFreeCount());
                },
                iter: 300,
                threads: 1
            );

    [Fact]
    public void The_frozen_heaps_claim_reaches_past_the_end_of_memory_and_costs_only_its_beginning()
    {
        memory.Reset();
        nuint before = NativeParts.PagesFreeCount();
        byte* claim = NativeParts.Map(null, 4 << 20, None, Anonymous, -1, 0);
        Assert.True(claim != Failed);
        Assert.Equal(before - 64, NativeParts.PagesFreeCount());
        Assert.Equal(0, NativeParts.Protect(claim, 256 << 10, ReadWrite));
        Assert.Equal(-1, NativeParts.Protect(claim, (256 << 10) + GuestMemory.Page, ReadWrite));
    }

    [Theory]
    [InlineData(7, Anonymous, -1)]
    [InlineData(5, Anonymous, -1)]
    [InlineData(3, 2, 3)]
    public void Executable_memory_and_files_are_refused(int protection, int flags, int descriptor)
    {
        memory.Reset();
        Assert.True(NativeParts.Map(null, 4096, protection, flags, descriptor, 0) == Failed);
    }

    private static void CheckMarks(nint start, int pages, int mark)
    {
        for (int i = 0; i < pages; i++)
        {
            Assert.Equal(mark, *(int*)(start + i * GuestMemory.Page));
        }
    }
}
