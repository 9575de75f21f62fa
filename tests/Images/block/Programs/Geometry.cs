using Properties;

namespace Block.Programs;

/// <summary>The device has the size of the file behind it, in blocks of 512 bytes.</summary>
internal static class Geometry
{
    public static int Run(Probe probe, Disk disk)
    {
        probe.Say($"{disk.Capacity} bytes in blocks of {disk.BlockSize}");
        probe.Say($"a device that is not there: {Disk.Acquire("nowhere")}");
        return 0;
    }
}
