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

    /// <summary>After so many timeouts in a row the next question goes without EDNS: some middleboxes drop what they do not know.</summary>
    private const int TimeoutsUntilPlain = 2;

    private const int MaxLameZones = 8;

    private readonly List<(DnsName Zone, bool OfAddresses, Instant Until)> _lame = [];
    private Instant _plainUntil;
    private bool _plainIsGuess;
    private bool _reactsToEdns;
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

    /// <summary>It answered.</summary>
    /// <param name="roundTrip">How long that took.</param>
    /// <param name="edns">Whether the question had EDNS.</param>
    /// <param name="now">The time.</param>
    public void Answered(TimeSpan roundTrip, bool edns, Instant now)
    {
        if (edns)
        {
            _reactsToEdns = true;
        }
        else if (SuspectsEdns)
        {
            _plainUntil = now + Memory;
            _plainIsGuess = true;
        }

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
            // The way to it may have changed.
            _reactsToEdns = false;
            // 10 s, 20 s, 40 s ... 10 min: one question then finds out whether it is back.
            double seconds = 10 * (1 << Math.Min(Timeouts - TimeoutsUntilDead, 6));
            DeadUntil = now + TimeSpan.FromSeconds(Math.Min(seconds, 600));
        }
    }

    public bool IsDead(Instant now) => DeadUntil > now;

    /// <summary>Whether to ask without EDNS.</summary>
    public bool IsPlain(Instant now) => _plainUntil > now || SuspectsEdns;

    private bool SuspectsEdns => !_reactsToEdns && Timeouts >= TimeoutsUntilPlain;

    public void RefusesEdns(Instant now)
    {
        _plainUntil = now + Memory;
        _plainIsGuess = false;
    }

    /// <summary>
    /// A plain answer did not fit. Where EDNS is left out only because questions with it were not answered, those may just have got lost.
    /// </summary>
    /// <returns>Whether the next question will have EDNS again.</returns>
    public bool TryEdnsAgain()
    {
        if (!_plainIsGuess)
        {
            return false;
        }

        _plainIsGuess = false;
        _plainUntil = default;
        return true;
    }

    /// <summary>Whether it does not repeat the case of a question.</summary>
    public bool LosesCase(Instant now) => _fixedCaseUntil > now;

    public void LostCase(Instant now) => _fixedCaseUntil = now + Memory;

    /// <summary>Whether it gave no use for a zone a moment ago, in questions of that kind: there are servers that serve addresses and stumble over all other types.</summary>
    public bool IsLameFor(DnsName zone, RecordType type, Instant now)
    {
        foreach ((DnsName lame, bool ofAddresses, Instant until) in _lame)
        {
            if (until > now && ofAddresses == (type == RecordType.A) && lame.Equals(zone))
            {
                return true;
            }
        }

        return false;
    }

    public void WasLameFor(DnsName zone, RecordType type, Instant now)
    {
        bool ofAddresses = type == RecordType.A;
        _lame.RemoveAll(entry =>
            entry.Until <= now || (entry.OfAddresses == ofAddresses && entry.Zone.Equals(zone))
        );
        if (_lame.Count == MaxLameZones)
        {
            _lame.RemoveAt(0);
        }

        // Short: a zone that is being set up should not stay dark for long.
        _lame.Add((zone.Trim(), ofAddresses, now + TimeSpan.FromMinutes(1)));
    }
}
