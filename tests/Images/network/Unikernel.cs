using Morgana.Runtime;
using Network.Programs;
using Properties;

namespace Network;

/// <summary>Runs the program that is asked for, on the network device <c>service</c>. The other end is 10.0.0.1/24.</summary>
public sealed class NetworkUnikernel(
    Stream console,
    TimeProvider clock,
    INetwork network,
    string program
) : IUnikernel
{
    /// <inheritdoc/>
    public Task<int> RunAsync()
    {
        Probe probe = new(console, clock, "", 0, 0);
        Wire wire = new(network, clock, subnet: 0);
        switch (program)
        {
            case "idle":
                return Idle.RunAsync(probe, wire);
            case "mtu":
                return Mtu.RunAsync(probe, wire);
            case "reply":
                return Reply.RunAsync(probe, wire);
            default:
                probe.Say($"there is no program '{program}'");
                return Task.FromResult(64);
        }
    }
}
