using Morgana.Build.Caching;
using Morgana.Build.Plans;

namespace Morgana.Build.Execution;

/// <summary>How a plan is carried out.</summary>
public sealed record BuildOptions
{
    /// <summary>The contexts to build; null for all.</summary>
    public IReadOnlySet<string>? Contexts { get; init; }

    /// <summary>Where what actions made is kept for other builds; null for nowhere.</summary>
    public ActionCache? Cache { get; init; } = CacheLocation.Open();

    /// <summary>How many programs run at once.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;

    /// <summary>Runs an action's program, in place of a process; null for a process. For tests.</summary>
    internal Func<
        BuildAction,
        CancellationToken,
        Task<(int ExitCode, string Output)>
    >? Runner { get; init; }
}
