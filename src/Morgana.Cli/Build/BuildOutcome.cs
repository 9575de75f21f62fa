using Morgana.Build.Execution;

namespace Morgana.Cli.Build;

/// <summary>What came of a build that went well.</summary>
/// <param name="Result">What the engine did.</param>
/// <param name="Evaluated">Why MSBuild was asked; null when it was not.</param>
/// <param name="Warnings">Warnings of the compilers.</param>
/// <param name="Time">How long it took.</param>
internal sealed record BuildOutcome(
    BuildResult Result,
    string? Evaluated,
    IReadOnlyList<string> Warnings,
    TimeSpan Time
);
