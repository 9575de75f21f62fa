namespace Morgana.Runtime;

/// <summary>A datagram socket of the host. Disposing it closes it.</summary>
public interface IHostSocket : IDisposable
{
    /// <summary>Takes the next datagram, if there is one; never waits. One that is longer than the buffer is thrown away.</summary>
    /// <param name="buffer">Where the payload goes.</param>
    /// <param name="length">Bytes of the payload.</param>
    /// <param name="ends">Who sent it, and to which of our addresses.</param>
    bool TryReceive(Span<byte> buffer, out int length, out HostDatagram ends);

    /// <summary>Sends one datagram; never waits.</summary>
    /// <param name="payload">At most 65,507 bytes.</param>
    /// <param name="ends">Where it goes, and from which of our addresses: 0 lets the host choose.</param>
    /// <returns>False when the host did not take it.</returns>
    bool TrySend(ReadOnlySpan<byte> payload, HostDatagram ends);
}
