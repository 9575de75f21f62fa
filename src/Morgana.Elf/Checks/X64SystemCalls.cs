namespace Morgana.Elf;

/// <summary>
/// Finds <c>syscall</c>, <c>sysenter</c> and <c>int 0x80</c> among x86-64 instructions. The bytes alone say little (0f 05 may be a part of
/// an address or a constant), so the instructions are followed from the start of each function; where that fails, the bytes count.
/// </summary>
internal static class X64SystemCalls
{
    public static void Find(CodeSection code, List<SystemCallSite> sites)
    {
        // Most sections have none of the bytes at all, and nothing needs decoding.
        int first = FirstCandidate(code.Bytes, 0);
        if (first < 0)
        {
            return;
        }

        int start = 0;
        foreach (int end in Boundaries(code))
        {
            if (end > first)
            {
                FindBetween(code, start, end, sites);
                first = FirstCandidate(code.Bytes, end);
                if (first < 0)
                {
                    return;
                }
            }

            start = end;
        }
    }

    /// <summary>Offsets where decoding starts anew: starts and ends of functions, and the section's end.</summary>
    private static SortedSet<int> Boundaries(CodeSection code)
    {
        var boundaries = new SortedSet<int> { code.Bytes.Length };
        foreach (CodeFunction function in code.Functions)
        {
            _ = boundaries.Add(function.Start);
            if (function.Size != 0)
            {
                _ = boundaries.Add(function.Start + function.Size);
            }
        }

        _ = boundaries.Remove(0);
        return boundaries;
    }

    private static void FindBetween(
        CodeSection code,
        int start,
        int end,
        List<SystemCallSite> sites
    )
    {
        int offset = start;
        while (offset < end)
        {
            ReadOnlySpan<byte> rest = code.Bytes.AsSpan(offset, end - offset);
            int length = X64Decoder.Length(rest, out int opcode);
            if (length == 0)
            {
                FindBytes(code, offset, end, sites);
                return;
            }

            if (Name(rest[opcode..length]) is string name)
            {
                sites.Add(code.Site(offset + opcode, name, certain: true));
            }

            offset += length;
        }
    }

    private static void FindBytes(CodeSection code, int start, int end, List<SystemCallSite> sites)
    {
        for (
            int at = FirstCandidate(code.Bytes, start);
            at >= 0 && at + 2 <= end;
            at = FirstCandidate(code.Bytes, at + 1)
        )
        {
            sites.Add(code.Site(at, Name(code.Bytes.AsSpan(at, 2))!, certain: false));
        }
    }

    private static int FirstCandidate(byte[] bytes, int start)
    {
        for (int i = start; i + 1 < bytes.Length; i++)
        {
            int skip = bytes.AsSpan(i).IndexOfAny((byte)0x0f, (byte)0xcd);
            if (skip < 0)
            {
                return -1;
            }

            i += skip;
            if (i + 1 < bytes.Length && Name(bytes.AsSpan(i, 2)) is not null)
            {
                return i;
            }
        }

        return -1;
    }

    private static string? Name(ReadOnlySpan<byte> instruction) =>
        instruction switch
        {
            [0x0f, 0x05, ..] => "syscall",
            [0x0f, 0x34, ..] => "sysenter",
            [0xcd, 0x80, ..] => "int 0x80",
            _ => null,
        };
}
