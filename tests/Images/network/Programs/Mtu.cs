using Properties;

namespace Network.Programs;

/// <summary>The largest frame goes both ways; a larger one is refused, and the device works on.</summary>
internal static class Mtu
{
    public static async Task<int> RunAsync(Probe probe, Wire wire)
    {
        int largest = wire.Network.Mtu + 14;
        byte[]? peer = await wire.AskAsync();
        if (peer is null)
        {
            probe.Say("nobody answers");
            return 1;
        }

        byte[]? reply = await wire.EchoAsync(peer, largest);
        probe.Say(
            $"the largest frame {(reply is not null && Wire.HasPayload(reply, largest) ? "came back" : "was lost")}"
        );
        probe.Say(
            $"a larger one {(wire.Network.TrySend(new byte[largest + 1]) ? "was taken" : "is refused")}"
        );
        probe.Say(
            $"one of 64 KiB {(wire.Network.TrySend(new byte[65536]) ? "was taken" : "is refused")}"
        );
        reply = await wire.EchoAsync(peer, 100);
        probe.Say($"a small one {(reply is not null ? "came back" : "was lost")}");
        return 0;
    }
}
