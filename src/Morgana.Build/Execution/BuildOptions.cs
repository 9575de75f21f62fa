namespace Morgana.Build.Execution;

/// <summary>How a plan is carried out.</summary>
public sealed record BuildOptions
{
    /// <summary>The contexts to build; null for all.</summary>
    public IReadOnlySet<string>? Contexts { get; init; }

    /// <summary>Ids of actions that MSBuild has just done: what is there is what they make.</summary>
    public IReadOnlySet<string> Adopted { get; init; } = new HashSet<string>();

    /// <summary>How many programs run at once.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;
}
