using Morgana.Runtime;

namespace Morgana.Net;

/// <summary>
/// Bounds the ICMP errors sent (RFC 1812 section 4.3.2.8): a bucket of 50 that fills with 100 a second.
/// A message costs 0, 1 or 2 at random. With a fixed price, anyone could count our answers to learn which UDP ports are open, and forge
/// answers to the resolver's questions (the "SAD DNS" attack, CVE-2020-25705).
/// </summary>
internal sealed class IcmpErrorLimiter(RandomStream random)
{
    public const int Burst = 50;
    public const int PerSecond = 100;

    private int _tokens = Burst;
    private Instant? _filled;

    /// <summary>Asks for one message.</summary>
    public bool TryTake(Instant now)
    {
        Instant filled = _filled ??= now;
        // Whole tokens only; the rest of the time stays for later.
        long interval = 1_000_000_000 / PerSecond;
        long elapsed = (now.Nanoseconds - filled.Nanoseconds) / interval;
        if (elapsed > 0)
        {
            _tokens = (int)Math.Min(Burst, _tokens + elapsed);
            _filled = new Instant(filled.Nanoseconds + elapsed * interval);
        }

        if (_tokens == 0)
        {
            return false;
        }

        _tokens = Math.Max(0, _tokens - random.NextBelow(3));
        return true;
    }
}
