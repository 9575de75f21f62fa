using System.Diagnostics;
using Morgana.Build;
using Morgana.Build.Diagnostics;
using Morgana.Build.Execution;
using Morgana.Build.Hashing;
using Morgana.Build.Observation;
using Morgana.Build.Plans;
using Morgana.Build.Reporting;
using Morgana.Cli.Dotnet;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;

namespace Morgana.Cli.Build;

/// <summary>
/// Builds the images of a unikernel: what a clean build of the same tree makes, see <see cref="ObservedBuild"/>.
/// </summary>
internal sealed class ProjectBuild(
    Terminal terminal,
    UnikernelFolder folder,
    string project,
    string name,
    BuildRequest request
)
{
    private readonly Stopwatch time = Stopwatch.StartNew();

    /// <summary>Builds once.</summary>
    /// <exception cref="CommandException">It does not build; with all that the user needs to know.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<BuildOutcome> RunAsync(CancellationToken cancellation)
    {
        using BuildLock one = await BuildLock
            .TakeAsync(
                Path.Combine(folder.CachePath, "tool"),
                () => terminal.Error.Write("  waiting for another morgana build in this folder\n"),
                cancellation
            )
            .ConfigureAwait(false);
        List<string> warnings = [];
        ObservedBuild build = new(
            new BuildPlace(
                folder.Location,
                folder.CachePath,
                folder.ImagesPath,
                CurrentAnswer.Owner,
                [.. ConfiguredFiles()]
            ),
            async written =>
            {
                Evaluated result = await new ProjectEvaluation(
                    terminal,
                    folder,
                    project,
                    name,
                    request
                )
                    .RunAsync(written, cancellation)
                    .ConfigureAwait(false);
                warnings = [.. result.Warnings];
                return result.Plan;
            },
            (plan, hashes) => ExecuteAsync(plan, hashes, cancellation),
            request.Contexts.Count == 0
        )
        {
            Explain = text =>
            {
                if (request.Explain && !request.Json)
                {
                    terminal.Out.Write(text + "\n");
                }
            },
        };
        BuildResult built;
        try
        {
            (_, built) = await build.RunAsync().ConfigureAwait(false);
        }
        catch (BuildException exception)
        {
            throw BuildFailure.Of(name, [$"error {exception.Code}: {exception.Message}"], []);
        }

        warnings.AddRange(CSharpMessages(built, BuildMessages.Warnings));
        return new BuildOutcome(
            built,
            build.Evaluated,
            [.. warnings.Distinct(StringComparer.Ordinal)],
            time.Elapsed
        );
    }

    /// <summary>What the configuration was made from, and what it made.</summary>
    private IEnumerable<string> ConfiguredFiles() =>
        folder.ReadContext() is { } context
            ? context
                .Inputs.Keys.Select(file => Path.GetFullPath(file, folder.Location))
                .Concat(context.Files.Keys.Select(file => Path.Combine(folder.GeneratedPath, file)))
                .Append(
                    Path.Combine(
                        folder.GeneratedPath,
                        Morgana.Configuration.Generation.SavedContext.FileName
                    )
                )
            : [];

    private async Task<BuildResult> ExecuteAsync(
        BuildPlan plan,
        FileHashes hashes,
        CancellationToken cancellation
    )
    {
        IReadOnlySet<string>? contexts = ContextChoice.Of(plan, request.Contexts);
        BuildResult result;
        try
        {
            using BuildLock one = await BuildLock
                .TakeAsync(
                    plan.StateFolder,
                    () => terminal.Error.Write("  waiting for another build of this project\n"),
                    cancellation
                )
                .ConfigureAwait(false);
            using BuildEngine engine = new(
                plan,
                new BuildOptions { Contexts = contexts },
                new BuildProgress(terminal, request, folder.Location),
                hashes
            );
            result = await engine.RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (BuildException exception)
        {
            throw BuildFailure.Of(
                name,
                [
                    exception.Code.Length > 0
                        ? $"error {exception.Code}: {exception.Message}"
                        : exception.Message.Replace(
                            folder.Location + "/",
                            "",
                            StringComparison.Ordinal
                        ),
                ],
                []
            );
        }

        if (request.Timings is not null)
        {
            TraceFile.Write(request.Timings, result.Reports);
        }

        if (!result.Succeeded)
        {
            List<string> errors =
            [
                .. CSharpMessages(result, BuildMessages.Errors),
                .. result
                    .Failures.Where(report => report.Action.Kind != ActionKind.CSharp)
                    .SelectMany(report => FailedAction.Explain(report, plan))
                    .Select(mistake => mistake.ToString())
                    .Select(text =>
                        text.StartsWith(folder.Location + "/", StringComparison.Ordinal)
                            ? text[(folder.Location.Length + 1)..]
                            : text
                    )
                    .Distinct(StringComparer.Ordinal),
            ];
            throw BuildFailure.Of(
                name,
                errors,
                [.. result.Failures.Select(report => report.FailureText)]
            );
        }

        return result;
    }

    private IEnumerable<string> CSharpMessages(
        BuildResult result,
        Func<IEnumerable<string>, string, IReadOnlyList<string>> select
    ) =>
        result
            .Reports.Where(report => report.Action.Kind == ActionKind.CSharp)
            .SelectMany(report => select(report.Output.Split('\n'), folder.Location));
}
