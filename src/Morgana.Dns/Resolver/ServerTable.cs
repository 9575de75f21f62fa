using Morgana.Net;
using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>What is remembered of servers, by address; bounded, the one not used for the longest time goes first.</summary>
internal sealed class ServerTable(int capacity)
{
    private readonly Dictionary<IpAddress, ServerRecord> _records = [];
    private readonly LinkedList<ServerRecord> _byUse = [];

    public int Count => _records.Count;

    public ServerRecord Get(IpAddress address)
    {
        if (_records.TryGetValue(address, out ServerRecord? record))
        {
            _byUse.Remove(record.Place!);
            _byUse.AddLast(record.Place!);
            return record;
        }

        if (_records.Count >= capacity)
        {
            ServerRecord oldest = _byUse.First!.Value;
            _byUse.RemoveFirst();
            _records.Remove(oldest.Address);
        }

        record = new ServerRecord(address);
        record.Place = _byUse.AddLast(record);
        _records.Add(address, record);
        return record;
    }

    /// <summary>
    /// Chooses whom to ask. Servers that answer about as fast as the fastest (within half as much again, or 30 ms) are alike and drawn by
    /// lot, which also spreads what a forger must guess; servers not yet known count as such, so that they become known. One question in sixteen goes to any
    /// that is alive, to notice when a slow one has become fast. Dead ones are asked when there is nobody else.
    /// </summary>
    /// <returns>An index into the candidates, or -1 when there is none.</returns>
    public static int Choose(
        ReadOnlySpan<ServerRecord?> candidates,
        RandomNumbers random,
        Instant now
    )
    {
        double fastest = double.MaxValue;
        int alive = 0;
        int any = 0;
        foreach (ServerRecord? candidate in candidates)
        {
            if (candidate is null)
            {
                continue;
            }

            any++;
            if (!candidate.IsDead(now))
            {
                alive++;
                fastest = candidate.IsKnown ? Math.Min(fastest, Cost(candidate)) : fastest;
            }
        }

        if (any == 0)
        {
            return -1;
        }

        bool explore = alive > 1 && random.Below(16) == 0;
        double limit =
            explore || fastest == double.MaxValue
                ? double.MaxValue
                : Math.Max(fastest * 1.5, fastest + 30);
        int chosen = -1;
        int seen = 0;
        for (int i = 0; i < candidates.Length; i++)
        {
            if (
                candidates[i] is not { } candidate
                || (alive > 0 && candidate.IsDead(now))
                || (candidate.IsKnown && Cost(candidate) > limit)
                || (!candidate.IsKnown && candidate.Timeouts > 0 && limit < double.MaxValue)
            )
            {
                continue;
            }

            // Each of those seen so far is the chosen one with the same likelihood.
            if (random.Below(++seen) == 0)
            {
                chosen = i;
            }
        }

        return chosen;
    }

    // Who did not answer lately is worth as much less as one would wait longer for it.
    private static double Cost(ServerRecord server) =>
        server.RoundTrip + (server.Timeouts == 0 ? 0 : server.Timeout.TotalMilliseconds);
}
