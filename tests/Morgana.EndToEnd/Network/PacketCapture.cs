using Morgana.EndToEnd.Processes;
using Morgana.EndToEnd.Tools;

namespace Morgana.EndToEnd.Network;

/// <summary>Watches the packets of a namespace with tcpdump.</summary>
internal sealed class PacketCapture : IAsyncDisposable
{
    private readonly RunningProcess tcpdump;

    // Of the whole test run: a name that was asked for once may be in a cache.
    private static int markers;

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
        await tcpdump.LineAsync(line => Holds(line, marker), $"a packet with {marker}");
        return
        [
            .. tcpdump
                .Lines.TakeWhile(line => !Holds(line, marker))
                .Where(line => Holds(line, text)),
        ];
    }

    /// <summary>How many packets that contain <paramref name="text"/> were seen so far.</summary>
    public int Count(string text) => tcpdump.Lines.Count(line => Holds(line, text));

    public ValueTask DisposeAsync() => tcpdump.DisposeAsync();

    // A resolver may mix capitals into the names that it asks for, against spoofing.
    private static bool Holds(string line, string text) =>
        line.Contains(text, StringComparison.OrdinalIgnoreCase);
}
