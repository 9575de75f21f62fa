using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>ARP as a whole: answers for our address, feeds the cache, watches for conflicts.</summary>
internal sealed class ArpLayer(
    Ipv4Routes routes,
    MacAddress hardware,
    ArpTransmitter transmitter,
    ArpCache cache,
    AddressClaim claim,
    StackCounters counters
)
{
    public ArpCache Cache => cache;

    public AddressClaim Claim => claim;

    public Instant NextDeadline =>
        cache.NextDeadline < claim.NextDeadline ? cache.NextDeadline : claim.NextDeadline;

    public void Receive(Instant now, ReadOnlySpan<byte> bytes)
    {
        if (!ArpPacket.TryParse(bytes, out ArpPacket packet))
        {
            counters.Drop(DropReason.ArpMalformed);
            return;
        }

        if (
            packet.SenderHardware == hardware
            || packet.SenderHardware == default
            || packet.SenderHardware.IsGroup
        )
        {
            counters.Drop(DropReason.ArpBadSender);
            return;
        }

        bool forUs = packet.TargetAddress == routes.Address;
        if (
            packet.SenderAddress == routes.Address
            || (forUs && packet.SenderAddress.IsUnspecified && !claim.IsUsable)
        )
        {
            counters.Drop(DropReason.ArpConflict);
            claim.OnConflict(now, packet.SenderHardware);
            return;
        }

        // A probe (RFC 5227) has no sender to learn from, but is answered like any request: that is what it is for.
        bool isProbe =
            packet.SenderAddress.IsUnspecified && packet.Operation == ArpOperation.Request;
        if (!isProbe)
        {
            if (!routes.IsNeighbour(packet.SenderAddress))
            {
                counters.Drop(DropReason.ArpBadSender);
                return;
            }

            cache.Learn(
                now,
                packet.SenderAddress,
                packet.SenderHardware,
                mayAdd: forUs && packet.Operation == ArpOperation.Request && claim.IsUsable
            );
        }

        if (forUs && packet.Operation == ArpOperation.Request && claim.IsUsable)
        {
            transmitter.Reply(packet.SenderHardware, packet.SenderAddress);
        }
    }

    public void Poll(Instant now, IUnresolvedFrames unresolved)
    {
        claim.Poll(now);
        cache.Poll(now, unresolved);
    }
}
