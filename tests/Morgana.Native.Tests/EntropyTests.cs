namespace Morgana.Native.Tests;

/// <summary>The random generator (native/entropy/entropy.c), with a clock and a seed that the test knows.</summary>
[Collection(nameof(GuestMemory))]
public sealed unsafe class EntropyTests
{
    [Fact]
    public void Every_piece_of_output_is_another_whatever_its_size()
    {
        byte[] seed = new byte[32];
        fixed (byte* s = seed)
        {
            NativeParts.EntropyInit(s, 32);
        }

        HashSet<string> seen = [];
        for (int size = 16; size < 300; size++)
        {
            byte[] piece = Fill(size);
            Assert.True(seen.Add(Convert.ToHexString(piece.AsSpan(0, 16))));
            Assert.True(seen.Add(Convert.ToHexString(piece.AsSpan(size - 8, 8))));
        }
    }

    [Fact]
    public void Bits_are_set_half_of_the_time()
    {
        byte[] much = Fill(1 << 20);
        long ones = much.Sum(b => (long)System.Numerics.BitOperations.PopCount(b));
        // Five standard deviations of 2^23 fair coins are 7241.
        Assert.InRange(ones, (1 << 22) - 7300, (1 << 22) + 7300);
    }

    [Fact]
    public void The_output_depends_on_the_tenders_seed()
    {
        byte[] Start(byte fill)
        {
            byte[] seed = new byte[32];
            Array.Fill(seed, fill);
            fixed (byte* s = seed)
            {
                NativeParts.EntropyInit(s, 32);
            }

            return Fill(32);
        }

        Assert.NotEqual(Start(1), Start(2));
    }

    private static byte[] Fill(int size)
    {
        byte[] buffer = new byte[size];
        fixed (byte* b = buffer)
        {
            NativeParts.EntropyFill(b, (nuint)size);
        }

        return buffer;
    }
}
