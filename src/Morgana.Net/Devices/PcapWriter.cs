using System.Buffers.Binary;
using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>
/// Writes every frame that passes a device, in both directions, in the pcap format with nanoseconds that tcpdump and Wireshark read
/// (draft-ietf-opsawg-pcap). Frames that the device refused are not written.
/// </summary>
public sealed class PcapWriter : INetwork, IDisposable
{
    private const uint NanosecondMagic = 0xa1b23c4d;
    private const uint EthernetLinkType = 1;

    private readonly INetwork _inner;
    private readonly Stream _stream;
    private readonly TimeProvider _time;

    /// <summary>Writes the file's header.</summary>
    /// <param name="inner">The device to listen to.</param>
    /// <param name="stream">Where the capture goes; disposed with the writer.</param>
    /// <param name="time">The wall clock of the time stamps.</param>
    public PcapWriter(INetwork inner, Stream stream, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(inner);
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(time);
        _inner = inner;
        _stream = stream;
        _time = time;
        Span<byte> header = stackalloc byte[24];
        header.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header, NanosecondMagic);
        BinaryPrimitives.WriteUInt16LittleEndian(header[4..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(header[6..], 4);
        BinaryPrimitives.WriteInt32LittleEndian(
            header[16..],
            EthernetFrame.HeaderLength + inner.Mtu
        );
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], EthernetLinkType);
        stream.Write(header);
    }

    /// <inheritdoc/>
    public string Name => _inner.Name;

    /// <inheritdoc/>
    public MacAddress HardwareAddress => _inner.HardwareAddress;

    /// <inheritdoc/>
    public int Mtu => _inner.Mtu;

    /// <inheritdoc/>
    public void OnReceivable(Action receiver) => _inner.OnReceivable(receiver);

    /// <inheritdoc/>
    public bool TryReceive(Span<byte> buffer, out int length)
    {
        if (!_inner.TryReceive(buffer, out length))
        {
            return false;
        }

        Write(buffer[..length]);
        return true;
    }

    /// <inheritdoc/>
    public bool TrySend(ReadOnlySpan<byte> frame)
    {
        if (!_inner.TrySend(frame))
        {
            return false;
        }

        Write(frame);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void Write(ReadOnlySpan<byte> frame)
    {
        long ticks = (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks;
        Span<byte> header = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)(ticks / TimeSpan.TicksPerSecond));
        BinaryPrimitives.WriteUInt32LittleEndian(
            header[4..],
            (uint)(ticks % TimeSpan.TicksPerSecond * 100)
        );
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], frame.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[12..], frame.Length);
        _stream.Write(header);
        _stream.Write(frame);
    }
}
