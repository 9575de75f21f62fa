namespace Morgana.Runtime.Tests.Machine;

/// <summary>A machine whose clock stands still until a test, or a sleep of the loop, moves it.</summary>
internal sealed class FakePort : IMachinePort
{
    public long Now { get; set; } = 1_000;

    public string Target => "fake";

    public long MonotonicNow => Now;

    public long WallNow => Now + 1_700_000_000_000_000_000;

    /// <summary>Devices that the next wait reports.</summary>
    public ulong Ready { get; set; }

    public int Posts { get; private set; }

    public List<ulong> Waits { get; } = [];

    public ulong Wait(ulong deadline)
    {
        Waits.Add(deadline);
        ulong ready = Ready;
        Ready = 0;
        if (ready == 0 && deadline is not 0 and not ulong.MaxValue)
        {
            Now = Math.Max(Now, (long)deadline);
        }
        else if (ready == 0 && deadline == ulong.MaxValue)
        {
            throw new InvalidOperationException("the loop sleeps for ever");
        }

        return ready;
    }

    public void Post() => Posts++;

    public void Fill(Span<byte> destination) => destination.Clear();

    public Stream OpenConsole() => Stream.Null;

    public INetwork? OpenNetwork(string name, MainLoop loop) => null;

    public IHostSockets? OpenHostSockets(MainLoop loop) => null;

    public IBlockDevice? OpenBlock(string name) => null;

    public string HowToAttach(string name, string option) => "it has no devices";
}
