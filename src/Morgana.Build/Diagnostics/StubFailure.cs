using System.Globalization;
using System.Text.RegularExpressions;
using Morgana.Build.Plans;
using Morgana.Build.Reporting;
using Morgana.Build.Stubs;
using Morgana.Workspace;

namespace Morgana.Build.Diagnostics;

/// <summary>What compilers and linkers say about foreign stubs, at the lines of their sources.</summary>
internal static partial class StubFailure
{
    /// <summary>How the ids of their compilations begin.</summary>
    public const string IdPrefix = "stub:";

    private const int MostPlaces = 8;

    /// <summary>The errors of a compilation of a stub; none when it is of something else, or said nothing with a line.</summary>
    public static IReadOnlyList<WorkspaceMistake> Compilation(ActionReport report)
    {
        if (!report.Action.Id.StartsWith(IdPrefix, StringComparison.Ordinal))
        {
            return [];
        }

        return
        [
            .. report
                .Output.Split('\n')
                .Select(line => CompilerError().Match(line))
                .Where(match => match.Success)
                .Take(MostPlaces)
                .Select(match => new WorkspaceMistake(
                    report.Action.ErrorCode,
                    match.Groups["file"].Value,
                    Number(match.Groups["line"].Value),
                    match.Groups["text"].Value.TrimEnd()
                        + (
                            match.Groups["header"].Success
                                ? ": headers are looked for beside the source and in the stub's IncludeFolders. An image has no C library, so that of C has only those of the compiler: stddef.h, stdint.h, stdbool.h, stdarg.h, limits.h, float.h; declare the functions that you use (docs/foreign-stubs.md)."
                                : ""
                        )
                )),
        ];
    }

    /// <summary>The symbols that stubs want and a link did not find.</summary>
    public static IReadOnlyList<(string Symbol, WorkspaceMistake Mistake)> Link(
        ActionReport report,
        BuildPlan plan
    )
    {
        StubFile[] stubs =
        [
            .. plan
                .Actions.Where(action =>
                    action.Kind == ActionKind.Stubs
                    && action.Outputs.Any(report.Action.Inputs.Contains)
                )
                .SelectMany(action => StubFile.Read(action.Arguments)),
        ];
        List<(string, WorkspaceMistake)> found = [];
        string symbol = "";
        int line = 0;
        foreach (string text in report.Output.Split('\n'))
        {
            if (Undefined().Match(text) is { Success: true } undefined)
            {
                symbol = undefined.Groups["name"].Value;
                line = 0;
            }
            else if (symbol.Length > 0 && text.StartsWith(">>>", StringComparison.Ordinal))
            {
                if (Reference().Match(text) is { Success: true } reference)
                {
                    line = Number(reference.Groups["line"].Value);
                }

                if (
                    stubs.FirstOrDefault(stub =>
                        text.Contains(stub.Path, StringComparison.Ordinal)
                    ) is
                    { } stub
                )
                {
                    found.Add(
                        (
                            symbol,
                            new WorkspaceMistake(
                                MissingNativeCode.Code,
                                stub.Source,
                                stub.IsCompiled ? line : 0,
                                $"It calls {symbol}, which nothing that is linked defines: an image has no C library but the functions that docs/foreign-stubs.md lists. Define it, link a library that does, or do without it."
                            )
                        )
                    );
                    symbol = "";
                }
            }
            else
            {
                symbol = "";
            }
        }

        return found;
    }

    private static int Number(string digits) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : 0;

    [GeneratedRegex(
        @"^(?<file>.+?):(?<line>\d+):\d+: (fatal )?error: (?<text>(?<header>'[^']+' file not found)|.*)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex CompilerError();

    [GeneratedRegex(
        @"error: undefined symbol: (?<name>.+?)\s*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Undefined();

    [GeneratedRegex(
        @"referenced by .+?:(?<line>\d+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Reference();
}
