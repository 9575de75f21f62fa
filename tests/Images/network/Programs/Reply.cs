using Properties;

namespace Network.Programs;

/// <summary>A frame goes out and its answer comes in, a hundred times.</summary>
internal static class Reply
{
    public static async Task<int> RunAsync(Probe probe, Wire wire)
    {
        probe.Say(
            $"MTU {wire.Network.Mtu}, {(wire.Network.HardwareAddress.ToString() == "00:00:00:00:00:00" ? "no address" : "an address")}"
        );
        byte[]? peer = await wire.AskAsync();
        probe.Say(peer is null ? "nobody answers" : "the other end answers");
        int answered = 0;
        for (int i = 0; i < 100 && peer is not null; i++)
        {
            answered +=
                await wire.EchoAsync(peer, 60 + i) is { } reply && Wire.HasPayload(reply, 60 + i)
                    ? 1
                    : 0;
        }

        probe.Say($"{answered} echoes");
        return 0;
    }
}
