using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>Writes our ARP packets into frames: the five kinds that RFC 826 and RFC 5227 know.</summary>
internal sealed class ArpTransmitter(IFrameSink sink, MacAddress hardware, IpAddress address)
{
    private readonly byte[] _frame = new byte[EthernetFrame.HeaderLength + ArpPacket.Length];

    /// <summary>Asks every station on the link who has <paramref name="target"/>.</summary>
    public void Request(IpAddress target) =>
        Send(MacAddress.Broadcast, ArpOperation.Request, address, default, target);

    /// <summary>Asks one station whether it still has <paramref name="target"/> (RFC 1122 section 2.3.2.1).</summary>
    public void UnicastRequest(IpAddress target, MacAddress station) =>
        Send(station, ArpOperation.Request, address, default, target);

    public void Reply(MacAddress station, IpAddress target) =>
        Send(station, ArpOperation.Reply, address, station, target);

    /// <summary>Asks whether anybody has our address, without saying that we have it (RFC 5227 section 2.1.1).</summary>
    public void Probe() =>
        Send(MacAddress.Broadcast, ArpOperation.Request, IpAddress.AnyV4, default, address);

    /// <summary>Says that we have our address: a "gratuitous" request (RFC 5227 section 2.3).</summary>
    public void Announce() =>
        Send(MacAddress.Broadcast, ArpOperation.Request, address, default, address);

    private void Send(
        MacAddress station,
        ArpOperation operation,
        IpAddress sender,
        MacAddress targetHardware,
        IpAddress target
    )
    {
        EthernetFrame.WriteHeader(_frame, station, hardware, EtherType.Arp);
        new ArpPacket(operation, hardware, sender, targetHardware, target).Write(
            _frame.AsSpan(EthernetFrame.HeaderLength)
        );
        // A refused frame is like a lost one: the machine that sent it asks again.
        _ = sink.TrySend(_frame);
    }
}
