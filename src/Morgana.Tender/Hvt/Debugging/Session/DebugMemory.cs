namespace Morgana.Tender.Hvt.Debugging;

/// <summary>
/// The guest's memory as a debugger sees it: at the guest's own addresses, page by page as its page tables say, and without
/// the breakpoint instructions that the tender put into it.
/// </summary>
/// <param name="memory">The machine's memory.</param>
/// <param name="processor">Whose page tables count, and whose breakpoint instruction.</param>
internal sealed class DebugMemory(GuestMemory memory, IDebugProcessor processor)
{
    private const ulong PageSize = 4096;
    private readonly SortedDictionary<ulong, byte[]> breakpoints = [];

    /// <summary>Whether the tender put a breakpoint instruction there.</summary>
    public bool HasBreakpoint(ulong address) => breakpoints.ContainsKey(address);

    /// <summary>Reads memory.</summary>
    /// <returns>False when a byte of it is not mapped.</returns>
    public bool TryRead(ulong address, Span<byte> to)
    {
        if (!TryReadRaw(address, to))
        {
            return false;
        }

        foreach ((ulong at, byte[] original) in breakpoints)
        {
            if (
                Overlap(at, original, address, to.Length, out int from, out int into, out int count)
            )
            {
                original.AsSpan(from, count).CopyTo(to[into..]);
            }
        }

        return true;
    }

    /// <summary>Writes memory; a breakpoint in it stays, over what was written.</summary>
    /// <returns>False when a byte of it is not mapped; nothing is written then.</returns>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> bytes)
    {
        byte[] patched = bytes.ToArray();
        if (!TryReadRaw(address, patched))
        {
            return false;
        }

        bytes.CopyTo(patched);
        foreach ((ulong at, byte[] original) in breakpoints)
        {
            if (
                Overlap(
                    at,
                    original,
                    address,
                    bytes.Length,
                    out int from,
                    out int into,
                    out int count
                )
            )
            {
                bytes.Slice(into, count).CopyTo(original.AsSpan(from));
                processor.BreakpointInstruction.Slice(from, count).CopyTo(patched.AsSpan(into));
            }
        }

        WriteRaw(address, patched);
        return true;
    }

    /// <summary>Puts a breakpoint instruction somewhere. One that is there already stays.</summary>
    /// <returns>False when nothing is mapped there, or another breakpoint overlaps it.</returns>
    public bool TryInsert(ulong address)
    {
        if (HasBreakpoint(address))
        {
            return true;
        }

        byte[] original = new byte[processor.BreakpointInstruction.Length];
        foreach (ulong other in breakpoints.Keys)
        {
            if (
                other - address < (ulong)original.Length
                || address - other < (ulong)original.Length
            )
            {
                return false;
            }
        }

        if (!TryReadRaw(address, original))
        {
            return false;
        }

        WriteRaw(address, processor.BreakpointInstruction);
        breakpoints.Add(address, original);
        return true;
    }

    /// <summary>Puts back what was there before a breakpoint. One that is not there is no error.</summary>
    public void Remove(ulong address)
    {
        if (
            breakpoints.Remove(address, out byte[]? original)
            && TryReadRaw(address, new byte[original.Length])
        )
        {
            WriteRaw(address, original);
        }
    }

    /// <summary>Puts back what was there before all breakpoints.</summary>
    public void RemoveAll()
    {
        foreach (ulong address in breakpoints.Keys.ToArray())
        {
            Remove(address);
        }
    }

    private static bool Overlap(
        ulong at,
        byte[] original,
        ulong address,
        int length,
        out int from,
        out int into,
        out int count
    )
    {
        // Neither wraps around: both lie in memory.
        ulong start = Math.Max(at, address);
        ulong end = Math.Min(at + (ulong)original.Length, address + (ulong)length);
        count = end > start ? (int)(end - start) : 0;
        from = count > 0 ? (int)(start - at) : 0;
        into = count > 0 ? (int)(start - address) : 0;
        return count > 0;
    }

    private bool TryReadRaw(ulong address, Span<byte> to)
    {
        for (int done = 0; done < to.Length; )
        {
            if (!TryLocate(address, done, to.Length, out ulong at, out int count))
            {
                return false;
            }

            memory.Host(at, count).CopyTo(to[done..]);
            done += count;
        }

        return true;
    }

    /// <summary>Writes memory that was read just before.</summary>
    private void WriteRaw(ulong address, ReadOnlySpan<byte> bytes)
    {
        for (int done = 0; done < bytes.Length; )
        {
            if (!TryLocate(address, done, bytes.Length, out ulong at, out int count))
            {
                return;
            }

            memory.Patch(at, bytes.Slice(done, count));
            done += count;
        }
    }

    /// <summary>Where the next bytes of a range lie, up to the end of its page.</summary>
    private bool TryLocate(ulong address, int done, int length, out ulong at, out int count)
    {
        ulong next = unchecked(address + (ulong)done);
        count = (int)Math.Min((ulong)(length - done), PageSize - next % PageSize);
        at = 0;
        if (next < address || processor.Translate(next) is not ulong physical)
        {
            return false;
        }

        at = physical;
        return at < memory.Size && (ulong)count <= memory.Size - at;
    }
}
