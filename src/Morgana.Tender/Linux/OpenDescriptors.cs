namespace Morgana.Tender.Linux;

/// <summary>The descriptors of this process.</summary>
internal static class OpenDescriptors
{
    // What a process may have at most on any Linux without close_range (before 5.9), as far as its defaults go.
    private const uint MostOfOldKernels = 1 << 16;

    /// <summary>Closes all but some: what the caller forgot to close is not the guest's.</summary>
    /// <param name="kept">Those that stay.</param>
    public static void CloseAllBut(params ReadOnlySpan<int> kept)
    {
        int[] sorted = kept.ToArray();
        Array.Sort(sorted);
        uint from = 0;
        foreach (int stays in sorted)
        {
            if ((uint)stays > from)
            {
                Close(from, (uint)stays - 1);
            }

            from = Math.Max(from, (uint)stays + 1);
        }

        Close(from, uint.MaxValue);
    }

    private static void Close(uint from, uint to)
    {
        if (LinuxCalls.CloseRange(from, to) == 0)
        {
            return;
        }

        for (uint descriptor = from; descriptor <= Math.Min(to, MostOfOldKernels); descriptor++)
        {
            _ = LinuxCalls.Close((int)descriptor);
        }
    }
}
