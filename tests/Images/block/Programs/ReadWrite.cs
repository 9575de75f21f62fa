using Properties;

namespace Block.Programs;

/// <summary>What is written to a block is what is read from it, from the first to the last, and its neighbours stay as they were.</summary>
internal static class ReadWrite
{
    public static int Run(Probe probe, Disk disk)
    {
        byte[] block = new byte[disk.BlockSize];
        byte[] read = new byte[disk.BlockSize];
        probe.Say($"first {disk.Read(0, read)}, zero {Array.TrueForAll(read, b => b == 0)}");
        long last = disk.Capacity - disk.BlockSize;
        int failed = 0;
        foreach (long offset in (long[])[0, disk.BlockSize, 64 * disk.BlockSize, last])
        {
            Fill(block, offset);
            failed += disk.Write(offset, block);
        }

        probe.Say($"writes failed {failed}");
        foreach (long offset in (long[])[0, disk.BlockSize, 64 * disk.BlockSize, last])
        {
            Fill(block, offset);
            Array.Clear(read);
            failed += disk.Read(offset, read);
            probe.Say(
                $"block {offset / disk.BlockSize} {(block.AsSpan().SequenceEqual(read) ? "as written" : "another")}"
            );
        }

        failed += disk.Read(2 * disk.BlockSize, read);
        probe.Say($"block 2 {(Array.TrueForAll(read, b => b == 0) ? "untouched" : "overwritten")}");
        return failed;
    }

    private static void Fill(byte[] block, long offset)
    {
        for (int i = 0; i < block.Length; i++)
        {
            block[i] = (byte)(i * 7 + offset / 512 + 1);
        }
    }
}
