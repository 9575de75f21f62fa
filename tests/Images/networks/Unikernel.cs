using Morgana.Runtime;
using Network;
using Networks.Programs;
using Properties;

namespace Networks;

/// <summary>Runs the program that is asked for, on two network devices. Their other ends are 10.0.0.1/24 and 10.0.1.1/24.</summary>
public sealed class NetworksUnikernel(
    Stream console,
    TimeProvider clock,
    INetwork first,
    INetwork second,
    string program
) : IUnikernel
{
    /// <inheritdoc/>
    public Task<int> RunAsync()
    {
        Probe probe = new(console, clock, "", 0, 0);
        if (program == "apart")
        {
            return Apart.RunAsync(probe, new Wire(first, clock, 0), new Wire(second, clock, 1));
        }

        probe.Say($"there is no program '{program}'");
        return Task.FromResult(64);
    }
}
