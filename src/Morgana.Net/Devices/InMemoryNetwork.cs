using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>One end of an <see cref="InMemoryLink"/>.</summary>
public sealed class InMemoryNetwork : INetwork
{
    private readonly FrameRing _incoming;
    private readonly FrameRing _outgoing;
    private Action? _receiver;

    internal InMemoryNetwork(
        string name,
        MacAddress hardwareAddress,
        int mtu,
        FrameRing incoming,
        FrameRing outgoing
    )
    {
        Name = name;
        HardwareAddress = hardwareAddress;
        Mtu = mtu;
        _incoming = incoming;
        _outgoing = outgoing;
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public MacAddress HardwareAddress { get; }

    /// <inheritdoc/>
    public int Mtu { get; }

    /// <summary>Frames that wait to be received here.</summary>
    public int Waiting => _incoming.Count;

    /// <inheritdoc/>
    public bool TryReceive(Span<byte> buffer, out int length) =>
        _incoming.TryTake(buffer, out length);

    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> frame) => _outgoing.TryPut(frame);

    /// <inheritdoc/>
    public void OnReceivable(Action receiver) => _receiver = receiver;

    internal bool CallReceiver()
    {
        if (_receiver is null || _incoming.Count == 0)
        {
            return false;
        }

        _receiver();
        return true;
    }
}
