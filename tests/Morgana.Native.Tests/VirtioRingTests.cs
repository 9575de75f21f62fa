using CsCheck;

namespace Morgana.Native.Tests;

/// <summary>Virtqueues (native/bindings/virtio/ring.c), with a device that keeps to the rules and one that lies.</summary>
public sealed class VirtioRingTests
{
    [Fact]
    public void What_is_given_comes_back_once_in_any_order_with_what_the_device_wrote() =>
        Gen.Select(
                Gen.Int[0, 6].Select(bits => (ushort)(1 << bits)),
                Gen.Int[0, int.MaxValue].List[0, 400]
            )
            .Sample(
                (size, steps) =>
                {
                    using VirtioRing ring = new(size);
                    Dictionary<ushort, (int Count, uint Writable)> given = [];
                    List<ushort> atDevice = [];
                    Queue<(ushort Head, uint Written)> used = [];
                    ushort seen = 0;
                    foreach (int step in steps)
                    {
                        int choice = step / 16;
                        switch (step % 3)
                        {
                            case 0:
                                int readable = choice % 3;
                                int writable = readable == 0 ? 1 : choice / 3 % 3;
                                bool done = ring.Give(readable, writable, 100, out ushort head);
                                bool fits =
                                    readable + writable
                                    <= size - given.Values.Sum(chain => chain.Count);
                                Assert.Equal(fits, done);
                                if (done)
                                {
                                    Assert.True(
                                        given.TryAdd(
                                            head,
                                            (readable + writable, (uint)writable * 100)
                                        )
                                    );
                                }

                                break;
                            case 1:
                                for (; seen != ring.AvailableIndex; seen++)
                                {
                                    ushort fresh = ring.Available(seen);
                                    List<(uint Size, bool Writable)> descriptors = ring.Descriptors(
                                        fresh
                                    );
                                    Assert.Equal(given[fresh].Count, descriptors.Count);
                                    Assert.Equal(
                                        given[fresh].Writable,
                                        (uint)descriptors.Where(d => d.Writable).Sum(d => d.Size)
                                    );
                                    atDevice.Add(fresh);
                                }

                                if (atDevice.Count > 0)
                                {
                                    ushort one = atDevice[choice % atDevice.Count];
                                    _ = atDevice.Remove(one);
                                    uint written = (uint)choice % (given[one].Writable + 1);
                                    ring.Use(one, written);
                                    used.Enqueue((one, written));
                                }

                                break;
                            default:
                                Assert.Equal(used.Count > 0, ring.HasUsed);
                                bool taken = ring.Take(out ushort back, out uint size2);
                                Assert.Equal(used.Count > 0, taken);
                                if (taken)
                                {
                                    Assert.Equal(used.Dequeue(), (back, size2));
                                    _ = given.Remove(back);
                                }

                                break;
                        }

                        Assert.False(ring.IsBroken);
                        Assert.Equal(size - given.Values.Sum(chain => chain.Count), ring.Free);
                    }
                },
                iter: 2000
            );

    [Fact]
    public void A_device_that_writes_anything_anywhere_gets_nothing_that_it_was_not_given() =>
        Gen.Select(
                Gen.Int[0, 5].Select(bits => (ushort)(1 << bits)),
                Gen.Int[0, int.MaxValue].List[1, 200]
            )
            .Sample(
                (size, steps) =>
                {
                    using VirtioRing ring = new(size);
                    Dictionary<ushort, uint> given = [];
                    foreach (int step in steps)
                    {
                        int choice = step / 16;
                        switch (step % 5)
                        {
                            case 0 or 1:
                                if (ring.Give(1, 1, 64, out ushort head))
                                {
                                    // A head that is with the device is never given again.
                                    Assert.True(given.TryAdd(head, 64));
                                    Assert.InRange(head, 0, size - 1);
                                }

                                break;
                            case 2:
                                // A lie in one byte of what is shared: descriptors, both rings and both indexes.
                                ring.Shared[choice % ring.Shared.Length] = (byte)(choice >> 8);
                                break;
                            case 3:
                                // One that looks like an answer.
                                ring.Use((uint)choice % (size + 2u), (uint)(choice >> 3) % 70);
                                break;
                            default:
                                bool broken = ring.IsBroken;
                                if (ring.Take(out ushort back, out uint written))
                                {
                                    Assert.False(broken);
                                    Assert.True(given.Remove(back, out uint most));
                                    Assert.InRange(written, 0u, most);
                                }

                                break;
                        }

                        if (ring.IsBroken)
                        {
                            Assert.False(ring.HasUsed);
                            Assert.False(ring.Give(1, 0, 1, out _));
                        }
                    }
                },
                iter: 20000
            );

    [Theory]
    [InlineData(8u, 0u, "an index outside of the ring")]
    [InlineData(uint.MaxValue, 0u, "a negative index")]
    [InlineData(0x10000u, 0u, "an index that fits in 16 bits when it is cut off")]
    [InlineData(1u, 0u, "a chain that was not given")]
    [InlineData(0u, 65u, "more bytes than there is room")]
    [InlineData(0u, uint.MaxValue, "a negative length")]
    public void A_lie_breaks_the_ring_for_good(uint head, uint written, string lie)
    {
        using VirtioRing ring = new(8);
        Assert.True(ring.Give(0, 1, 64, out ushort given));
        Assert.Equal(0, given);
        ring.Use(head, written);
        Assert.False(ring.Take(out _, out _), lie);
        Assert.True(ring.IsBroken);
        ring.UsedIndex = 0;
        ring.Use(0, 64);
        Assert.False(ring.Take(out _, out _), "the truth comes too late");
        Assert.False(ring.Give(0, 1, 64, out _));
    }

    [Fact]
    public void More_answers_than_the_ring_has_room_for_break_it()
    {
        using VirtioRing ring = new(8);
        Assert.True(ring.Give(0, 1, 64, out _));
        ring.UsedIndex = 9;
        Assert.False(ring.Take(out _, out _));
        Assert.True(ring.IsBroken);
    }

    [Fact]
    public void A_chain_that_came_back_does_not_come_back_again()
    {
        using VirtioRing ring = new(8);
        Assert.True(ring.Give(0, 1, 64, out ushort head));
        ring.Use(head, 64);
        ring.Use(head, 64);
        Assert.True(ring.Take(out _, out _));
        Assert.False(ring.Take(out _, out _));
        Assert.True(ring.IsBroken);
    }
}
