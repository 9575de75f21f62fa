namespace Morgana.EndToEnd.Network;

/// <summary>Spoils frames in reproducible ways.</summary>
internal sealed class FrameMutation(int seed)
{
    private const int LongestFrame = 1514;
    private static readonly byte[] Telling = [0, 1, 0x3f, 0x40, 0x7f, 0x80, 0xc0, 0xfe, 0xff];
    private readonly Random random = new(seed);

    /// <summary>
    /// A changed copy: some bytes altered, or the end cut off, or bytes added, or a piece repeated; half the time with
    /// right checksums again.
    /// </summary>
    public byte[] Mutate(ReadOnlySpan<byte> frame)
    {
        List<byte> changed = [.. frame];
        for (int change = random.Next(1, 5); change > 0; change--)
        {
            int at = random.Next(changed.Count);
            switch (random.Next(12))
            {
                case < 6:
                    changed[at] = (byte)random.Next(256);
                    break;
                case < 8:
                    changed[at] = Telling[random.Next(Telling.Length)];
                    break;
                case 8:
                    changed[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 9:
                    changed.RemoveRange(at, changed.Count - at);
                    break;
                case 10:
                    byte[] noise = new byte[random.Next(1, 64)];
                    random.NextBytes(noise);
                    changed.InsertRange(at, noise);
                    break;
                default:
                    changed.InsertRange(
                        at,
                        changed.GetRange(at, Math.Min(changed.Count - at, random.Next(1, 200)))
                    );
                    break;
            }

            // The kernel takes no frame that is shorter than its Ethernet header.
            while (changed.Count < 14)
            {
                changed.Add(0);
            }
        }

        byte[] result = [.. changed.Take(LongestFrame)];
        if (random.Next(2) == 0)
        {
            Frames.FixChecksums(result);
        }

        // Most must be addressed to the image, else it would rightly ignore them.
        if (random.Next(10) != 0)
        {
            frame[..6].CopyTo(result);
        }

        return result;
    }
}
