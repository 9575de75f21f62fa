namespace Morgana.Runtime;

/// <summary>
/// A network device: whole Ethernet frames in and out, without their frame check sequence.
/// All members are called on the main loop's thread only.
/// </summary>
public interface INetwork
{
    /// <summary>The device's name in the manifest (1 to 67 alphanumeric characters).</summary>
    string Name { get; }

    /// <summary>False for a device that the program could have but was not given: all else of it then throws.</summary>
    bool IsAttached => true;

    /// <summary>The hardware address that the tender gave the device.</summary>
    MacAddress HardwareAddress { get; }

    /// <summary>Largest payload of a frame in bytes, without the 14 bytes of Ethernet header.</summary>
    int Mtu { get; }

    /// <summary>Takes the next received frame, if there is one; never waits.</summary>
    /// <param name="buffer">Where the frame goes: at least <see cref="Mtu"/> + 14 bytes.</param>
    /// <param name="length">Bytes received; 0 when there was nothing.</param>
    /// <returns>False when no frame is waiting.</returns>
    bool TryReceive(Span<byte> buffer, out int length);

    /// <summary>Sends one frame; never waits.</summary>
    /// <param name="frame">A whole frame of at most <see cref="Mtu"/> + 14 bytes.</param>
    /// <returns>False when the device did not take it: the frame is lost, as on any wire.</returns>
    bool TrySend(ReadOnlySpan<byte> frame);

    /// <summary>
    /// Names the one receiver that the main loop calls whenever frames may be waiting.
    /// The receiver calls <see cref="TryReceive"/> until it returns false or its share of work is done;
    /// it is called again as long as frames are waiting.
    /// </summary>
    /// <param name="receiver">Called on the main loop's thread.</param>
    void OnReceivable(Action receiver);
}
