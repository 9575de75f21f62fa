using Morgana.Build.Caching;

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
}
