using Network;
using Properties;

namespace Networks.Programs;

/// <summary>Two devices have addresses of their own, each is on its own wire, and both work at the same time.</summary>
internal static class Apart
{
    public static async Task<int> RunAsync(Probe probe, Wire first, Wire second)
    {
        probe.Say(
            first.Network.HardwareAddress.Equals(second.Network.HardwareAddress)
                ? "one address"
                : "two addresses"
        );
        byte[]?[] peers = await Task.WhenAll(first.AskAsync(), second.AskAsync());
        if (peers[0] is not { } left || peers[1] is not { } right)
        {
            probe.Say($"first {peers[0] is not null}, second {peers[1] is not null}");
            return 1;
        }

        probe.Say(left.AsSpan().SequenceEqual(right) ? "one other end" : "two other ends");
        int answered = 0;
        for (int i = 0; i < 50; i++)
        {
            byte[]?[] replies = await Task.WhenAll(
                first.EchoAsync(left, 100 + i),
                second.EchoAsync(right, 200 + i)
            );
            answered += replies[0]?.Length == 100 + i && replies[1]?.Length == 200 + i ? 1 : 0;
        }

        probe.Say($"{answered} pairs of echoes");
        return 0;
    }
}
