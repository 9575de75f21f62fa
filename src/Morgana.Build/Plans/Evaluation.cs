namespace Morgana.Build.Plans;

/// <summary>
/// All that MSBuild read to make the plan. While it is as it was, the plan is what MSBuild would make again, and MSBuild need not be asked.
/// </summary>
public sealed record Evaluation
{
    /// <summary>Files with the hashes of their contents; an empty hash for a file that was looked for and not there.</summary>
    public required IReadOnlyDictionary<string, string> Files { get; init; }

    /// <summary>Folders with the hashes of what is in them.</summary>
    public required IReadOnlyList<EvaluatedTree> Trees { get; init; }

    /// <summary>Environment variables that steer builds, with their values; empty for one that was not set.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }
}
