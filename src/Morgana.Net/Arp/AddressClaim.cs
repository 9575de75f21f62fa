using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>
/// Address conflict detection (RFC 5227): probes, announces and defends one address. Of the answers to a conflict that section 2.4
/// offers, this is (c): the address was configured by somebody who wants it to be here, so it is defended for ever, at most once in ten
/// seconds.
/// </summary>
internal sealed class AddressClaim(
    AddressClaimMode mode,
    ArpTransmitter transmitter,
    RandomStream random
)
{
    // RFC 5227 section 1.1.
    public const int ProbeCount = 3;
    public const int AnnounceCount = 2;
    public static readonly TimeSpan ProbeWait = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan ProbeMinimum = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan ProbeMaximum = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan AnnounceWait = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan AnnounceInterval = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan DefendInterval = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan RateLimitInterval = TimeSpan.FromSeconds(60);

    private int _sent;
    private Instant _defendAgain = new(long.MinValue);

    public AddressClaimState State { get; private set; }

    public Instant NextDeadline { get; private set; } = Instant.Never;

    /// <summary>True when datagrams may be sent from the address and requests for it answered.</summary>
    public bool IsUsable => State is AddressClaimState.Announcing or AddressClaimState.Held;

    /// <summary>How often another host was seen with the address.</summary>
    public long Conflicts { get; private set; }

    /// <summary>The host that was last seen with the address.</summary>
    public MacAddress ConflictingHardware { get; private set; }

    public void Start(Instant now)
    {
        if (mode == AddressClaimMode.Announce)
        {
            BeginAnnouncing(now);
        }
        else
        {
            BeginProbing(now);
        }
    }

    public void Poll(Instant now)
    {
        if (now < NextDeadline)
        {
            return;
        }

        switch (State)
        {
            case AddressClaimState.Probing when _sent < ProbeCount:
                transmitter.Probe();
                _sent++;
                NextDeadline =
                    now
                    + (
                        _sent < ProbeCount
                            ? random.NextBetween(ProbeMinimum, ProbeMaximum)
                            : AnnounceWait
                    );
                break;
            case AddressClaimState.Probing:
                BeginAnnouncing(now);
                break;
            case AddressClaimState.Announcing:
                transmitter.Announce();
                Announced(now);
                break;
            case AddressClaimState.Conflict:
                BeginProbing(now);
                break;
            default:
                NextDeadline = Instant.Never;
                break;
        }
    }

    /// <summary>Another host has the address, or probes for it while we do.</summary>
    public void OnConflict(Instant now, MacAddress hardware)
    {
        if (State is AddressClaimState.Idle)
        {
            return;
        }

        Conflicts++;
        ConflictingHardware = hardware;
        if (State == AddressClaimState.Probing)
        {
            State = AddressClaimState.Conflict;
            NextDeadline = now + RateLimitInterval;
        }
        else if (IsUsable && now >= _defendAgain)
        {
            _defendAgain = now + DefendInterval;
            transmitter.Announce();
        }
    }

    private void BeginProbing(Instant now)
    {
        State = AddressClaimState.Probing;
        _sent = 0;
        NextDeadline = now + random.NextBetween(TimeSpan.Zero, ProbeWait);
    }

    private void BeginAnnouncing(Instant now)
    {
        State = AddressClaimState.Announcing;
        _sent = 0;
        transmitter.Announce();
        Announced(now);
    }

    private void Announced(Instant now)
    {
        _sent++;
        if (_sent < AnnounceCount)
        {
            NextDeadline = now + AnnounceInterval;
        }
        else
        {
            State = AddressClaimState.Held;
            NextDeadline = Instant.Never;
        }
    }
}
