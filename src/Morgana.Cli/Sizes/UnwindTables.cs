using System.Buffers.Binary;

namespace Morgana.Cli.Sizes;

/// <summary>Which function each entry of <c>.eh_frame</c> is for (Linux Standard Base, "Exception Frames").</summary>
internal static class UnwindTables
{
    /// <summary>The entries: where in the section, how long, and the function's address; null for what is for no single function.</summary>
    /// <param name="section">The bytes of the section.</param>
    /// <param name="address">Where it is in memory.</param>
    public static List<(int Offset, int Length, ulong? Function)> Read(
        ReadOnlySpan<byte> section,
        ulong address
    )
    {
        List<(int, int, ulong?)> entries = [];
        int at = 0;
        while (section.Length - at >= 4)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(section[at..]);
            // Zero ends the table; the 64-bit form (all ones) no compiler writes here.
            if (length == 0 || length > (uint)(section.Length - at - 4))
            {
                break;
            }

            int size = (int)length + 4;
            ulong? function = null;
            // A common entry has 0 where the others say how far back theirs is. Both encodings of the start that compilers use
            // (sdata4, pc-relative) are the same.
            if (length >= 8 && BinaryPrimitives.ReadUInt32LittleEndian(section[(at + 4)..]) != 0)
            {
                int start = BinaryPrimitives.ReadInt32LittleEndian(section[(at + 8)..]);
                function = address + (ulong)(at + 8) + (ulong)(long)start;
            }

            entries.Add((at, size, function));
            at += size;
        }

        if (at < section.Length)
        {
            entries.Add((at, section.Length - at, null));
        }

        return entries;
    }
}
