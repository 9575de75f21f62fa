using Morgana.Build.Plans;
using Morgana.Build.Reporting;
using Morgana.Workspace;

namespace Morgana.Build.Diagnostics;

/// <summary>What a failed action is told as, to whoever builds: in one screen, with what to do where that is known.</summary>
public static class FailedAction
{
    /// <summary>Most lines of a program's own messages; the first say what is wrong, the others follow from it as a rule.</summary>
    public const int MostLines = 16;

    /// <summary>The messages, each with its place as far as that is known.</summary>
    /// <param name="report">The action that failed.</param>
    /// <param name="plan">The plan that it is of.</param>
    public static IReadOnlyList<WorkspaceMistake> Explain(ActionReport report, BuildPlan plan)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(plan);
        if (
            report.Action.Kind == ActionKind.Native
            && StubFailure.Compilation(report) is { Count: > 0 } errors
        )
        {
            return errors;
        }

        if (
            report.Action.Kind == ActionKind.Link
            && UndefinedSymbol.Parse(report.Output) is { Count: > 0 } symbols
        )
        {
            IReadOnlyList<(string Symbol, WorkspaceMistake Mistake)> inStubs = StubFailure.Link(
                report,
                plan
            );
            symbols =
            [
                .. symbols.Where(symbol => !inStubs.Any(stub => stub.Symbol == symbol.Name)),
            ];
            if (symbols.Count == 0)
            {
                return [.. inStubs.Select(stub => stub.Mistake)];
            }

            BuildAction? managed = plan.Actions.FirstOrDefault(action =>
                action.Kind == ActionKind.Managed
                && action.Outputs.Any(report.Action.Inputs.Contains)
            );
            return
            [
                .. inStubs.Select(stub => stub.Mistake),
                .. MissingNativeCode.Explain(
                    symbols,
                    managed?.ResponseLines.FirstOrDefault(line => line.Length > 0 && line[0] != '-')
                        ?? "",
                    [
                        .. (managed?.ResponseLines ?? [])
                            .Where(line => line.StartsWith("-r:", StringComparison.Ordinal))
                            .Select(line => line[3..]),
                    ],
                    plan.ProjectFolder
                ),
            ];
        }

        return [new WorkspaceMistake(report.Action.ErrorCode, "", 0, Shorten(report.FailureText))];
    }

    private static string Shorten(string text)
    {
        string[] lines = [.. text.Split('\n').Where(line => line.Trim().Length > 0)];
        return lines.Length <= MostLines
            ? string.Join('\n', lines)
            : string.Join('\n', lines.Take(MostLines))
                + $"\n... {lines.Length - MostLines} lines more; morgana build --verbose shows the command.";
    }
}
