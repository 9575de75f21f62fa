using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>
/// A cable with a device at each end, for tests: what one sends waits in a bounded queue until the other takes it. Nothing is called
/// behind the caller's back: <see cref="Deliver"/> plays the main loop's part.
/// </summary>
public sealed class InMemoryLink
{
    /// <summary>Makes a cable.</summary>
    /// <param name="left">The first end's hardware address.</param>
    /// <param name="right">The second end's hardware address.</param>
    /// <param name="mtu">Largest payload of a frame in bytes, without the Ethernet header.</param>
    /// <param name="capacity">Frames that wait at each end; more are refused.</param>
    public InMemoryLink(MacAddress left, MacAddress right, int mtu = 1500, int capacity = 256)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(mtu);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        FrameRing toLeft = new(capacity, mtu + EthernetFrame.HeaderLength);
        FrameRing toRight = new(capacity, mtu + EthernetFrame.HeaderLength);
        Left = new InMemoryNetwork("left", left, mtu, toLeft, toRight);
        Right = new InMemoryNetwork("right", right, mtu, toRight, toLeft);
    }

    /// <summary>The first end.</summary>
    public InMemoryNetwork Left { get; }

    /// <summary>The second end.</summary>
    public InMemoryNetwork Right { get; }

    /// <summary>Calls the receivers until no frame waits at an end that has one.</summary>
    /// <param name="turns">Turns after which it stops: two ends can talk for ever.</param>
    /// <returns>Turns taken.</returns>
    public int Deliver(int turns = 10_000)
    {
        int taken = 0;
        while (taken < turns && (Left.CallReceiver() | Right.CallReceiver()))
        {
            taken++;
        }

        return taken;
    }
}
