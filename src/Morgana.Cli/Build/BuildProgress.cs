using System.Globalization;
using Morgana.Build.Plans;
using Morgana.Build.Reporting;
using Morgana.Cli.Output;

namespace Morgana.Cli.Build;

/// <summary>Says on the stream of messages how a build goes on: a line for each context, and what was asked for.</summary>
internal sealed class BuildProgress(Terminal terminal, BuildRequest request, string projectFolder)
    : IBuildReporter
{
    /// <inheritdoc/>
    public void Starting(BuildAction action)
    {
        if (request.ShowCommands)
        {
            terminal.Error.Write(CommandText.Of(action, projectFolder) + "\n");
            return;
        }

        string? what = action.Kind switch
        {
            ActionKind.CSharp => "compiling C#",
            ActionKind.Managed =>
                $"compiling native code for {action.Id[(action.Id.IndexOf(':', StringComparison.Ordinal) + 1)..]}",
            ActionKind.Link => $"linking {action.Contexts[0]}",
            _ => null,
        };
        if (what is not null && !request.Json)
        {
            terminal.Error.Write($"  {what}\n");
        }
    }

    /// <inheritdoc/>
    public void Done(ActionReport report)
    {
        if (request.Explain && report.Outcome != ActionOutcome.Current && !request.Json)
        {
            string how = report.Outcome switch
            {
                ActionOutcome.Restored => "came from the cache",
                ActionOutcome.Failed => "failed",
                _ => "ran",
            };
            terminal.Out.Write(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{report.Action.Id}: {how} ({report.Duration.TotalSeconds:0.00} s): {report.Reason}\n"
                )
            );
        }

        if (
            report.Outcome == ActionOutcome.Ran
            && report.Output.Length > 0
            && report.Action.Kind != ActionKind.CSharp
        )
        {
            terminal.Error.Write(report.Output + "\n");
        }
    }
}
