using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Network;

/// <summary>Watches the packets of a namespace with tcpdump.</summary>
internal sealed class PacketCapture : IAsyncDisposable
{
    private readonly RunningProcess tcpdump;
    private int markers;

    private PacketCapture(RunningProcess tcpdump) => this.tcpdump = tcpdump;

    /// <summary>Starts watching and returns once packets are being seen.</summary>
    public static async Task<PacketCapture> StartAsync(
        NetworkNamespace space,
        string device,
        string filter
    )
    {
        // --immediate-mode and -l: each packet is printed when it is seen. -Z root: do not change the user, which a
        // namespace's user map may not have.
        RunningProcess tcpdump = space.Start(
            Tool.Tcpdump,
            ["-i", device, "-n", "-l", "--immediate-mode", "-Z", "root", filter]
        );
        await tcpdump.LineAsync("listening on");
        return new PacketCapture(tcpdump);
    }

    /// <summary>
    /// The packets seen until now that contain <paramref name="text"/>. To know that a packet did not come, it is not
    /// enough to wait a little: so <paramref name="mark"/> causes one packet that the filter lets through and that
    /// holds the given unique name; when it is seen, so is everything before it.
    /// </summary>
    public async Task<IReadOnlyList<string>> SeenAsync(string text, Func<string, Task> mark)
    {
        string marker = $"marker{Interlocked.Increment(ref markers)}";
        await mark(marker);
        await tcpdump.LineAsync(marker);
        return
        [
            .. tcpdump
                .Lines.TakeWhile(line => !line.Contains(marker, StringComparison.Ordinal))
                .Where(line => line.Contains(text, StringComparison.Ordinal)),
        ];
    }

    /// <summary>How many packets that contain <paramref name="text"/> were seen so far.</summary>
    public int Count(string text) =>
        tcpdump.Lines.Count(line => line.Contains(text, StringComparison.Ordinal));

    public ValueTask DisposeAsync() => tcpdump.DisposeAsync();
}
