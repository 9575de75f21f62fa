using System.Diagnostics;
using System.Security.Cryptography;

namespace Morgana.Runtime;

/// <summary>
/// An ordinary .NET process, as the default build context runs one: the target unix for the debugger, for tests and for tools.
/// </summary>
internal sealed class HostPort(HostOptions options) : IMachinePort
{
    private readonly object _gate = new();
    private bool _posted;

    /// <summary>A process is what the target unix is ahead of time: the same devices are there.</summary>
    public const string TargetName = "unix";

    public string Target => TargetName;

    /// <summary>The process; its own options stand before the program's arguments and are taken away.</summary>
    public static HostPort Open(ref string[] arguments)
    {
        HostOptions options = HostOptions.Read(arguments);
        arguments = arguments[options.Count..];
        return new HostPort(options);
    }

    public long MonotonicNow =>
        (long)((Int128)Stopwatch.GetTimestamp() * 1_000_000_000 / Stopwatch.Frequency);

    public long WallNow => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks * 100;

    public ulong Wait(ulong deadline)
    {
        lock (_gate)
        {
            if (!_posted && deadline != 0)
            {
                long now = MonotonicNow;
                // Rounded up: a timer must be due when the wait ends for its sake.
                long milliseconds =
                    deadline > (ulong)now
                        ? (long)((deadline - (ulong)now + 999_999) / 1_000_000)
                        : 0;
                _ = Monitor.Wait(_gate, (int)Math.Min(milliseconds, int.MaxValue));
            }

            _posted = false;
        }

        return 0;
    }

    public void Post()
    {
        lock (_gate)
        {
            _posted = true;
            Monitor.Pulse(_gate);
        }
    }

    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);

    public Stream OpenConsole() => System.Console.OpenStandardOutput();

    public INetwork? OpenNetwork(string name, MainLoop loop) =>
        options.Networks.TryGetValue(name, out string? tap)
            ? TapNetwork.Open(name, tap, options.HardwareAddresses.GetValueOrDefault(name), loop)
            : null;

    public IBlockDevice? OpenBlock(string name) =>
        options.Blocks.TryGetValue(name, out string? path)
            ? FileBlockDevice.Open(
                name,
                path,
                options.BlockSizes.GetValueOrDefault(name, BlockRange.SmallestBlock)
            )
            : null;

    public IHostSockets? OpenHostSockets(MainLoop loop) => new ProcessSockets(options.Ports, loop);

    public string HowToAttach(string name, string option) =>
        option == "net"
            ? $"give it a TAP device with --net:{name}=TAP before the program's own arguments"
            : $"give it a file with --{option}:{name}=FILE before the program's own arguments";
}
