namespace Properties.Programs;

/// <summary>Exhausted memory that nobody catches ends the image with a message.</summary>
internal static class MemoryUncaught
{
    public static int Run(Probe probe)
    {
        List<byte[]> all = [];
        while (true)
        {
            all.Add(new byte[20_000]);
        }
    }
}
