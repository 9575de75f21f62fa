using CsCheck;

namespace Morgana.Native.Tests;

/// <summary>malloc and its relations over guest memory (native/memory/heap.c).</summary>
[Collection(nameof(GuestMemory))]
public sealed unsafe class HeapTests(GuestMemory memory) : IClassFixture<GuestMemory>
{
    private readonly record struct Block(nint Address, int Size, byte Fill);

    [Fact]
    public void Blocks_keep_their_content_whatever_is_allocated_and_freed_around_them() =>
        Gen.Select(
                Gen.Int[0, 3],
                Gen.OneOf(Gen.Int[0, 64], Gen.Int[0, 3000], Gen.Int[0, 200_000]),
                Gen.Int[0, 1000]
            )
            .Array[200]
            .Sample(
                steps =>
                {
                    memory.Reset();
                    List<Block> blocks = [];
                    byte fill = 0;
                    foreach ((int action, int size, int pick) in steps)
                    {
                        switch (action)
                        {
                            case 0 when blocks.Count > 0:
                                Block gone = Take(blocks, pick);
                                CheckFill(gone);
                                NativeParts.Free((byte*)gone.Address);
                                break;
                            case 1 when blocks.Count > 0:
                                Block old = Take(blocks, pick);
                                byte* moved = NativeParts.Reallocate(
                                    (byte*)old.Address,
                                    (nuint)size
                                );
                                if (moved != null)
                                {
                                    CheckFill(
                                        old with
                                        {
                                            Address = (nint)moved,
                                            Size = Math.Min(old.Size, size),
                                        }
                                    );
                                    Add(blocks, moved, size, ++fill);
                                }

                                break;
                            case 2:
                                byte* zeroed = NativeParts.AllocateZeroed((nuint)size, 1);
                                if (zeroed != null)
                                {
                                    Assert.True(
                                        new ReadOnlySpan<byte>(zeroed, size).IndexOfAnyExcept(
                                            (byte)0
                                        ) < 0
                                    );
                                    Add(blocks, zeroed, size, ++fill);
                                }

                                break;
                            default:
                                byte* block = NativeParts.Allocate((nuint)size);
                                if (block != null)
                                {
                                    Add(blocks, block, size, ++fill);
                                }

                                break;
                        }
                    }

                    blocks.ForEach(CheckFill);
                },
                iter: 200,
                threads: 1
            );

    [Fact]
    public void What_was_freed_is_there_again_so_that_a_program_can_run_for_ever()
    {
        memory.Reset();
        nuint after = 0;
        for (int round = 0; round < 50; round++)
        {
            nint[] blocks = new nint[2000];
            for (int i = 0; i < blocks.Length; i++)
            {
                blocks[i] = (nint)NativeParts.Allocate((nuint)(i * 7 % 2500));
                Assert.NotEqual(0, blocks[i]);
            }

            foreach (nint block in blocks)
            {
                NativeParts.Free((byte*)block);
            }

            after = round == 0 ? NativeParts.PagesFreeCount() : after;
            Assert.Equal(after, NativeParts.PagesFreeCount());
        }
    }

    [Theory]
    [InlineData(64)]
    [InlineData(256)]
    [InlineData(2048)]
    public void Aligned_blocks_are_aligned_and_can_be_freed(int alignment)
    {
        memory.Reset();
        for (int i = 0; i < 2000; i++)
        {
            byte* block;
            Assert.Equal(0, NativeParts.AllocateAligned(&block, (nuint)alignment, 100));
            Assert.Equal(0u, (nuint)block % (nuint)alignment);
            NativeParts.Free(block);
        }
    }

    [Fact]
    public void A_request_larger_than_memory_or_than_any_number_is_refused()
    {
        memory.Reset();
        Assert.True(NativeParts.Allocate(GuestMemory.Size) == null);
        Assert.True(NativeParts.Allocate(nuint.MaxValue - 8) == null);
        Assert.True(NativeParts.AllocateZeroed(nuint.MaxValue / 2, 4) == null);
    }

    private static Block Take(List<Block> blocks, int pick)
    {
        Block block = blocks[pick % blocks.Count];
        blocks.RemoveAt(pick % blocks.Count);
        return block;
    }

    private static void Add(List<Block> blocks, byte* address, int size, byte fill)
    {
        Assert.Equal(0u, (nuint)address % 16);
        Assert.True(NativeParts.UsableSize(address) >= (nuint)size);
        new Span<byte>(address, size).Fill(fill);
        blocks.Add(new Block((nint)address, size, fill));
    }

    private static void CheckFill(Block block) =>
        Assert.True(
            new ReadOnlySpan<byte>((void*)block.Address, block.Size).IndexOfAnyExcept(block.Fill)
                < 0
        );
}
