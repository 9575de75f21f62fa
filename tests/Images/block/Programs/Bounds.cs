using Properties;

namespace Block.Programs;

/// <summary>What does not lie on the device, or not on whole blocks, is refused, and the image goes on.</summary>
internal static class Bounds
{
    public static int Run(Probe probe, Disk disk)
    {
        byte[] block = new byte[disk.BlockSize];
        (string Name, long Offset, int Size)[] cases =
        [
            ("past the end", disk.Capacity, block.Length),
            ("far past the end", long.MaxValue / 512 * 512, block.Length),
            ("wrapping", -512, block.Length),
            ("between blocks", 1, block.Length),
            ("half a block", 0, block.Length / 2),
            ("nothing", 0, 0),
        ];
        foreach ((string name, long offset, int size) in cases)
        {
            int read = disk.Read(offset, block.AsSpan(0, size));
            int written = disk.Write(offset, block.AsSpan(0, size));
            probe.Say(
                $"{name}: {(read == 2 && written == 2 ? "refused" : $"read {read}, written {written}")}"
            );
        }

        return disk.Read(0, block);
    }
}
