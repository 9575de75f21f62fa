using System.Buffers.Binary;

namespace Morgana.Cli.Sizes;

/// <summary>
/// The packed form of types, literals and other frozen data that NativeAOT unpacks into <c>.hydrated</c> when it starts
/// (<c>--dehydrate</c>; format: DehydratedData.cs of dotnet/runtime). It is a row of commands, each a byte with a kind in its low
/// three bits and a count above, larger counts in up to three bytes more.
/// </summary>
internal static class DehydratedData
{
    private const int LargestShortCount = 28;

    /// <summary>
    /// Which bytes of the packed form make which bytes of memory: (address, bytes packed), in order. What follows the commands
    /// is a table of shared pointers.
    /// </summary>
    /// <param name="packed">From the symbol <c>__dehydrated_data</c> on.</param>
    /// <param name="address">Where that is in memory.</param>
    /// <param name="start">Where <c>.hydrated</c> begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="length">Bytes of <paramref name="packed"/> that the pieces cover.</param>
    /// <returns>Null when it is not in this format.</returns>
    public static List<(ulong Address, int Bytes)>? Read(
        ReadOnlySpan<byte> packed,
        ulong address,
        ulong start,
        ulong end,
        out int length
    )
    {
        length = 0;
        if (packed.Length < 4 || end < start)
        {
            return null;
        }

        ulong at = address + (ulong)(long)BinaryPrimitives.ReadInt32LittleEndian(packed);
        if (at < start || at >= end)
        {
            return null;
        }

        List<(ulong, int)> pieces = [(at, 4)];
        int position = 4;
        while (at < end && position < packed.Length)
        {
            int begin = position;
            int command = packed[position] & 7;
            int count = packed[position++] >> 3;
            int more = count - LargestShortCount;
            if (more > 0)
            {
                if (position + more > packed.Length)
                {
                    return null;
                }

                count = LargestShortCount;
                for (int i = 0; i < more; i++)
                {
                    count += packed[position++] << (8 * i);
                }
            }

            (int read, long written) = command switch
            {
                0 => (count, (long)count),
                1 => (0, count),
                2 => (0, 4),
                3 => (0, 8),
                4 => (count * 4, count * 4L),
                5 => (count * 4, count * 8L),
                _ => (-1, 0),
            };
            if (read < 0 || position + read > packed.Length || at + (ulong)written > end)
            {
                // The alignment of the section's end is in no command.
                return end - at < 16 ? Done(ref length, begin) : null;
            }

            position += read;
            pieces.Add((at, position - begin));
            at += (ulong)written;
        }

        return at == end ? Done(ref length, position) : null;

        List<(ulong, int)> Done(ref int covered, int upTo)
        {
            covered = upTo;
            return pieces;
        }
    }
}
