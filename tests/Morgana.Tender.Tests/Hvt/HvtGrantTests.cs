using System.Runtime.InteropServices;
using Morgana.Tender.Hvt;
using Morgana.Tender.Loading;

namespace Morgana.Tender.Tests.Hvt;

/// <summary>What an hvt image is granted: a seed, and nothing of the spt tender's.</summary>
public sealed unsafe class HvtGrantTests
{
    private const int Size = 1 << 16;
    private const int Address = 0x800;

    [Fact]
    public void An_image_that_asks_gets_a_fresh_seed_and_neither_faults_nor_guards()
    {
        byte[] first = Granted(new MorganaNote(Address, 0, 0, 0, 0));
        byte[] second = Granted(new MorganaNote(Address, 0, 0, 0, 0));
        Assert.Equal([1, 0, 0, 0, 4, 0, 0, 0], first[Address..(Address + 8)]);
        Assert.Equal(first[..(Address + 8)], second[..(Address + 8)]);
        Assert.NotEqual(
            first[(Address + 8)..(Address + 40)],
            second[(Address + 8)..(Address + 40)]
        );
        Assert.NotEqual(new byte[32], first[(Address + 8)..(Address + 40)]);
        Assert.Equal(new byte[Size - Address - 40], first[(Address + 40)..]);
    }

    [Fact]
    public void An_image_without_the_note_or_a_wish_is_left_alone()
    {
        Assert.Equal(new byte[Size], Granted(null));
        Assert.Equal(new byte[Size], Granted(new MorganaNote(0, 0, 0, 0, 0)));
    }

    private static byte[] Granted(MorganaNote? note)
    {
        byte* memory = (byte*)NativeMemory.AllocZeroed(Size);
        try
        {
            HvtGrant.Write(note, new GuestMemory(memory, Size));
            return new ReadOnlySpan<byte>(memory, Size).ToArray();
        }
        finally
        {
            NativeMemory.Free(memory);
        }
    }
}
