using Morgana.Net;
using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>
/// What is remembered of one server address: how fast it answers, in the manner of RFC 6298, whether it does at all, what it does not understand, and for which
/// zones it was lame.
/// </summary>
internal sealed class ServerRecord(IpAddress address)
{
    /// <summary>The wait for a server about which nothing is known.</summary>
    public static readonly TimeSpan FirstTimeout = TimeSpan.FromMilliseconds(400);

    /// <summary>No wait is shorter: a host that is busy for a moment is not lost.</summary>
    public static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(100);

    /// <summary>No wait is longer: clients give up after some seconds.</summary>
    public static readonly TimeSpan MostTimeout = TimeSpan.FromSeconds(2);

    /// <summary>After so many timeouts in a row a server is left alone for a while.</summary>
    public const int TimeoutsUntilDead = 4;

    /// <summary>How long lameness and dislikes are remembered.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(15);

    private const int MaxLameZones = 4;

    private readonly List<(DnsName Zone, Instant Until)> _lame = [];
    private Instant _plainUntil;
    private Instant _fixedCaseUntil;
    private double _smoothed;
    private double _variation;

    public IpAddress Address { get; } = address;

    /// <summary>Neighbours in the table's order of use.</summary>
    public LinkedListNode<ServerRecord>? Place { get; set; }

    /// <summary>Whether it ever answered.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Smoothed round-trip time in milliseconds; 0 as long as nothing is known.</summary>
    public double RoundTrip => _smoothed;

    /// <summary>Questions in a row that were not answered.</summary>
    public int Timeouts { get; private set; }

    /// <summary>Until when it is left alone, if it does not answer.</summary>
    public Instant DeadUntil { get; private set; }

    /// <summary>How long to wait for its answer.</summary>
    public TimeSpan Timeout
    {
        get
        {
            double wait = IsKnown ? _smoothed + 4 * _variation : FirstTimeout.TotalMilliseconds;
            wait = Math.Max(wait, LeastTimeout.TotalMilliseconds) * (1 << Math.Min(Timeouts, 5));
            return TimeSpan.FromMilliseconds(Math.Min(wait, MostTimeout.TotalMilliseconds));
        }
    }

    public void Answered(TimeSpan roundTrip)
    {
        double sample = roundTrip.TotalMilliseconds;
        if (IsKnown)
        {
            _variation += (Math.Abs(sample - _smoothed) - _variation) / 4;
            _smoothed += (sample - _smoothed) / 8;
        }
        else
        {
            _smoothed = sample;
            _variation = sample / 2;
            IsKnown = true;
        }

        Timeouts = 0;
        DeadUntil = default;
    }

    public void TimedOut(Instant now)
    {
        Timeouts = Math.Min(Timeouts + 1, 16);
        if (Timeouts >= TimeoutsUntilDead)
        {
            // 10 s, 20 s, 40 s ... 10 min: one question then finds out whether it is back.
            double seconds = 10 * (1 << Math.Min(Timeouts - TimeoutsUntilDead, 6));
            DeadUntil = now + TimeSpan.FromSeconds(Math.Min(seconds, 600));
        }
    }

    public bool IsDead(Instant now) => DeadUntil > now;

    /// <summary>Whether to ask without EDNS.</summary>
    public bool IsPlain(Instant now) => _plainUntil > now;

    public void RefusesEdns(Instant now) => _plainUntil = now + Memory;

    /// <summary>Whether it does not repeat the case of a question.</summary>
    public bool LosesCase(Instant now) => _fixedCaseUntil > now;

    public void LostCase(Instant now) => _fixedCaseUntil = now + Memory;

    public bool IsLameFor(DnsName zone, Instant now)
    {
        foreach ((DnsName lame, Instant until) in _lame)
        {
            if (until > now && lame.Equals(zone))
            {
                return true;
            }
        }

        return false;
    }

    public void WasLameFor(DnsName zone, Instant now)
    {
        _lame.RemoveAll(entry => entry.Until <= now || entry.Zone.Equals(zone));
        if (_lame.Count == MaxLameZones)
        {
            _lame.RemoveAt(0);
        }

        // Short: a zone that is being set up should not stay dark for long.
        _lame.Add((zone.Trim(), now + TimeSpan.FromMinutes(1)));
    }
}
