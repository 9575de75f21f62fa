using Morgana.Build.Plans;

namespace Morgana.Build.Reporting;

/// <summary>An action that is done.</summary>
/// <param name="Action">The action.</param>
/// <param name="Outcome">How it came to be done.</param>
/// <param name="Reason">Why it was not current, for <c>--explain</c>; empty when it was.</param>
/// <param name="Output">What its program printed.</param>
/// <param name="Start">When it began, from the build's start.</param>
/// <param name="Duration">How long it took.</param>
public sealed record ActionReport(
    BuildAction Action,
    ActionOutcome Outcome,
    string Reason,
    string Output,
    TimeSpan Start,
    TimeSpan Duration
)
{
    /// <summary>What a failed action is reported as: the program's name with what it printed, but for where in itself a program in C# failed.</summary>
    public string FailureText
    {
        get
        {
            IEnumerable<string> lines = Output
                .Split('\n')
                .Where(line => !line.StartsWith("   at ", StringComparison.Ordinal));
            return $"{Path.GetFileName(Action.Program)} failed:\n{string.Join('\n', lines)}".TrimEnd();
        }
    }
}
