using System.Diagnostics.CodeAnalysis;
using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>
/// A bad cable in front of a device: loses, corrupts, repeats and reorders frames in both directions, the same way for the same seed.
/// For tests and for trying out a unikernel's behaviour.
/// A frame held back on its way out goes with the next one sent or received; one held back on its way in is delivered in the same turn.
/// </summary>
public sealed class FaultInjector : INetwork
{
    private readonly INetwork _inner;
    private readonly FaultInjectorOptions _options;
    private readonly Random _random;
    private readonly byte[] _scratch;
    private readonly FrameRing _out;
    private readonly FrameRing _in;

    /// <summary>Puts a bad cable in front of a device.</summary>
    [SuppressMessage(
        "Security",
        "CA5394",
        Justification = "Faults are to be the same for the same seed; nothing here is a secret."
    )]
    public FaultInjector(INetwork inner, FaultInjectorOptions options)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(options);
        _inner = inner;
        _options = options;
        _random = new Random(options.Seed);
        int size = EthernetFrame.HeaderLength + inner.Mtu;
        _scratch = new byte[size];
        _out = new FrameRing(1, size);
        _in = new FrameRing(2, size);
    }

    /// <inheritdoc/>
    public string Name => _inner.Name;

    /// <inheritdoc/>
    public MacAddress HardwareAddress => _inner.HardwareAddress;

    /// <inheritdoc/>
    public int Mtu => _inner.Mtu;

    /// <summary>Faults injected so far.</summary>
    public long Faults { get; private set; }

    /// <inheritdoc/>
    public void OnReceivable(Action receiver) => _inner.OnReceivable(receiver);

    /// <inheritdoc/>
    public bool TryReceive(Span<byte> buffer, out int length)
    {
        SendHeld();
        if (_in.TryTake(buffer, out length))
        {
            return true;
        }

        while (_inner.TryReceive(buffer, out length))
        {
            if (Happens(_options.Drop))
            {
                continue;
            }

            Corrupt(buffer[..length]);
            if (Happens(_options.Duplicate))
            {
                _in.TryPut(buffer[..length]);
            }

            if (Happens(_options.Reorder) && _inner.TryReceive(_scratch, out int second))
            {
                // The second comes first; the first waits in the queue.
                _in.TryPut(buffer[..length]);
                _scratch.AsSpan(0, second).CopyTo(buffer);
                length = second;
            }

            return true;
        }

        length = 0;
        return false;
    }

    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        if (frame.Length > _scratch.Length)
        {
            return false;
        }

        if (Happens(_options.Drop))
        {
            // The sender of a lost frame does not know.
            return true;
        }

        if (_out.Count == 0 && Happens(_options.Reorder))
        {
            return _out.TryPut(frame);
        }

        Span<byte> copy = _scratch.AsSpan(0, frame.Length);
        frame.CopyTo(copy);
        Corrupt(copy);
        bool sent = _inner.TrySend(copy);
        if (Happens(_options.Duplicate))
        {
            _ = _inner.TrySend(copy);
        }

        SendHeld();
        return sent;
    }

    private void SendHeld()
    {
        if (_out.TryTake(_scratch, out int length))
        {
            _ = _inner.TrySend(_scratch.AsSpan(0, length));
        }
    }

    private void Corrupt(Span<byte> frame)
    {
        if (frame.Length > 0 && Happens(_options.Corrupt))
        {
            frame[Next(frame.Length)] ^= (byte)(1 << Next(8));
        }
    }

    private bool Happens(double chance)
    {
        bool happens = chance > 0 && NextDouble() < chance;
        Faults += happens ? 1 : 0;
        return happens;
    }

    [SuppressMessage("Security", "CA5394", Justification = "See the constructor.")]
    private int Next(int bound) => _random.Next(bound);

    [SuppressMessage("Security", "CA5394", Justification = "See the constructor.")]
    private double NextDouble() => _random.NextDouble();
}
