namespace Properties.Programs;

/// <summary>When memory is exhausted there is an exception, and what is let go can be used again.</summary>
internal static class Memories
{
    public static int Run(Probe probe)
    {
        for (int round = 0; round < 3; round++)
        {
            List<byte[]> all = [];
            try
            {
                while (true)
                {
                    all.Add(new byte[20_000]);
                }
            }
            catch (OutOfMemoryException)
            {
                int count = all.Count;
                all.Clear();
                probe.Say($"exhausted after {(count > 100 ? "many" : "few")} arrays");
            }
        }

        probe.Throws<OutOfMemoryException>(() => GC.KeepAlive(new byte[1_000_000_000]));
        return 0;
    }
}
