using Morgana.Runtime;

namespace Morgana.Dns;

/// <summary>What may still be done for one client's question. Questions for servers' addresses draw on the budget of the question that needs them.</summary>
internal sealed class WorkBudget(ResolverOptions options, Instant now)
{
    private int _queries = options.MaxQueries;
    private int _lookups = options.MaxServerLookups;

    public Instant Deadline { get; } = now + options.MaxTime;

    public bool TakeQuery() => _queries-- > 0;

    public bool TakeLookup() => _lookups-- > 0;
}
