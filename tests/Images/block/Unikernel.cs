using Block.Programs;
using Morgana.Runtime;
using Properties;

namespace Block;

/// <summary>Runs the program that is asked for, on the block device <c>storage</c>.</summary>
public sealed class BlockUnikernel(Stream console, TimeProvider clock, string program) : IUnikernel
{
    /// <inheritdoc/>
    public Task<int> RunAsync()
    {
        Probe probe = new(console, clock, "", 0, 0);
        Disk disk = Disk.Open("storage");
        return Task.FromResult(
            program switch
            {
                "bounds" => Bounds.Run(probe, disk),
                "geometry" => Geometry.Run(probe, disk),
                "read-write" => ReadWrite.Run(probe, disk),
                _ => Unknown(probe, program),
            }
        );
    }

    private static int Unknown(Probe probe, string program)
    {
        probe.Say($"there is no program '{program}'");
        return 64;
    }
}
