using CsCheck;

namespace Morgana.Native.Tests;

/// <summary>The image's half of hvt's network ring (native/bindings/hvt/ring.c), with a tender that keeps to the rules and one that lies.</summary>
[Collection(nameof(GuestMemory))]
public sealed class HvtRingTests
{
    private const nuint BootInfo = 56;

    [Fact]
    public void Frames_come_back_once_and_in_order_also_when_indices_wrap_and_the_tender_sleeps() =>
        Gen.Select(
                Gen.OneOf(Gen.Const(0u), Gen.UInt, Gen.UInt[uint.MaxValue - 2000, uint.MaxValue]),
                Gen.UInt,
                // Bursts of writes, up to more than there are buffers for.
                Gen.Int[1, 200],
                Gen.Int[0, 100_000].Array[0, 1500]
            )
            .Sample(
                (index, seed, burst, steps) =>
                {
                    Assert.Equal(1, HvtRing.Begin(index, seed, 1, BootInfo, 0));
                    Queue<byte[]> sent = [];
                    byte[] buffer = new byte[2048];
                    foreach (int step in steps)
                    {
                        if (step % (burst + 1) != 0)
                        {
                            byte[] frame = new byte[1 + step % 2048];
                            new Random(step).NextBytes(frame);
                            Assert.Equal(1, HvtRing.Write(frame));
                            sent.Enqueue(frame);
                            continue;
                        }

                        int size = HvtRing.Read(buffer);
                        Assert.Equal(sent.TryPeek(out byte[]? next) ? next.Length : -1, size);
                        if (sent.TryDequeue(out _))
                        {
                            Assert.True(buffer.AsSpan(0, size).SequenceEqual(next));
                        }
                    }

                    // What was sent is out when the image ends.
                    Assert.Equal(0, HvtRing.Finish());
                },
                iter: 200,
                threads: 1
            );

    [Fact]
    public void A_frame_too_large_for_a_buffer_goes_by_hypercall_when_all_before_it_are_out()
    {
        Assert.Equal(1, HvtRing.Begin(0, 7, 1, BootInfo, 0));
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(1, HvtRing.Write(new byte[100]));
        }

        Assert.Equal(0, HvtRing.Write(new byte[2049]));
    }

    [Theory]
    [InlineData(1, "an answer to another request")]
    [InlineData(2, "more bytes than there is room")]
    [InlineData(3, "a result that does not exist")]
    [InlineData(4, "a negative result")]
    [InlineData(5, "two answers to one request")]
    [InlineData(6, "an index of answers that goes back")]
    public void A_lie_about_an_answer_ends_the_image(int lie, string what)
    {
        Assert.Equal(1, HvtRing.Begin(0, 1, 1, BootInfo, 0));
        HvtRing.Lie(lie);
        Assert.True(HvtRing.Read(new byte[100]) == -2, what);
    }

    [Fact]
    public void More_requests_carried_out_than_there_are_end_the_image()
    {
        Assert.Equal(1, HvtRing.Begin(0, 1, 1, BootInfo, 0));
        HvtRing.Lie(7);
        Assert.Equal(-1, HvtRing.Read(new byte[100]));
        Assert.Equal(-1, HvtRing.Write(new byte[100]));
    }

    [Theory]
    [InlineData(0u, 56, 0, "not offered")]
    [InlineData(1u, 40, 0, "an older tender, whose manifest begins where the offer would be")]
    [InlineData(1u, 56, -4096, "in the image's memory")]
    [InlineData(1u, 56, 8, "not at a page")]
    [InlineData(1u, 56, 0xc0000000L - 4096, "its end beyond 4 GiB")]
    public void An_offer_that_makes_no_sense_is_not_taken(
        uint features,
        int manifest,
        long place,
        string what
    )
    {
        Assert.True(HvtRing.Begin(0, 1, features, (nuint)manifest, (nint)place) == 0, what);
        Assert.Equal(0, HvtRing.Write(new byte[100]));
        Assert.Equal(-3, HvtRing.Read(new byte[100]));
    }
}
