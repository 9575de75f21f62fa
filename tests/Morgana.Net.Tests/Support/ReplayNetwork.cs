using Morgana.Runtime;

namespace Morgana.Net.Tests;

/// <summary>A device that gives the same frame as often as wanted and keeps the last one sent; it allocates nothing.</summary>
internal sealed class ReplayNetwork : INetwork
{
    private readonly byte[] _last = new byte[1514];
    private Action? _receiver;
    private byte[] _frame = [];
    private int _times;

    public string Name => "replay";

    public MacAddress HardwareAddress => Lab.OurHardware;

    public int Mtu => 1500;

    public long Sent { get; private set; }

    public ReadOnlySpan<byte> Last => _last.AsSpan(0, LastLength);

    private int LastLength { get; set; }

    /// <summary>Receives a frame many times, in as many turns as the receiver takes.</summary>
    public int Replay(byte[] frame, int times)
    {
        _frame = frame;
        _times = times;
        int turns = 0;
        while (_times > 0)
        {
            turns++;
            _receiver!();
        }

        return turns;
    }

    public bool TryReceive(Span<byte> buffer, out int length)
    {
        length = 0;
        if (_times == 0)
        {
            return false;
        }

        _times--;
        length = _frame.Length;
        _frame.CopyTo(buffer);
        return true;
    }

    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        Sent++;
        LastLength = frame.Length;
        frame.CopyTo(_last);
        return true;
    }

    public void OnReceivable(Action receiver) => _receiver = receiver;
}
