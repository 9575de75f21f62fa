using System.Diagnostics;
using System.Security.Cryptography;

namespace Morgana.Runtime;

/// <summary>An ordinary process, as the default build context runs one: for tests and tools.</summary>
internal sealed class HostPort : IMachinePort
{
    private readonly object _gate = new();
    private bool _posted;

    public string Target => "unix";

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

    public INetwork OpenNetwork(string name, MainLoop loop) =>
        throw new InvalidOperationException(
            $"There is no network device '{name}': an ordinary process has none. Build the program for a target with devices (morgana configure -t spt) and run that image."
        );
}
