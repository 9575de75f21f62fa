using Morgana.Build.Plans;
using Morgana.Build.Reporting;

namespace Morgana.Build.Execution;

/// <summary>What came of a build.</summary>
/// <param name="Reports">The actions that were done, in the order in which they ended; those that were current too.</param>
/// <param name="Images">The images of the contexts that were built.</param>
public sealed record BuildResult(
    IReadOnlyList<ActionReport> Reports,
    IReadOnlyList<PlannedImage> Images
)
{
    /// <summary>The actions that failed.</summary>
    public IEnumerable<ActionReport> Failures =>
        Reports.Where(report => report.Outcome == ActionOutcome.Failed);

    /// <summary>Whether all went well.</summary>
    public bool Succeeded => !Failures.Any();

    /// <summary>Whether nothing had to be done.</summary>
    public bool WasCurrent => Reports.All(report => report.Outcome == ActionOutcome.Current);
}
