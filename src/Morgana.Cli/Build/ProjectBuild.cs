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
/// Builds the images of a unikernel: what a clean build of the same tree makes. MSBuild is asked unless all that changed since the last good build is the business of single actions.
/// A build during which something changed is done again: what it made belongs to no state of the tree.
/// </summary>
internal sealed class ProjectBuild(
    Terminal terminal,
    UnikernelFolder folder,
    string project,
    string name,
    BuildRequest request
)
{
    /// <summary>How often a build is done while the tree does not keep still.</summary>
    private const int MostRounds = 6;

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
        FileHashes hashes = new(folder.CachePath);
        BuildPlan? plan = BuildPlan.TryRead(folder.CachePath);
        BuildNote? note = BuildNote.Find(folder.CachePath, folder.Location, CurrentAnswer.Owner);
        Snapshot? before = note?.Snapshot;
        string[] written = [.. note?.Written ?? []];
        List<string> warnings = [];
        string? evaluated = null;
        PathChange[] changed = [];
        for (int round = 1; ; round++)
        {
            // First it is looked at, then compared with what was: what changes in between is seen now, what changes later is seen at the end.
            BuildObservation observation = new(
                folder,
                plan,
                changed.Select(change => change.Path),
                hashes
            );
            string? reason = round == 1 ? WhyNotThePlan(plan, note) : null;
            reason ??= WhyEvaluate(plan!, [.. changed, .. before!.Changes()]);
            BuildNote.Forget(folder.CachePath);
            if (reason is not null)
            {
                if (request.Explain && !request.Json)
                {
                    terminal.Out.Write($"evaluation: MSBuild makes the plan: {reason}\n");
                }

                evaluated ??= reason;
                IReadOnlyList<PlannedImage> images = plan?.Images ?? [];
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
                plan = result.Plan;
                plan.ForgetImages(images);
                hashes = new FileHashes(folder.CachePath);
                if (plan.Opaque.Length > 0 && request.Explain && !request.Json)
                {
                    terminal.Out.Write($"evaluation: {plan.Opaque}\n");
                }
            }

            BuildResult built = await ExecuteAsync(plan!, hashes, cancellation)
                .ConfigureAwait(false);
            changed = [.. observation.ChangesDuring(plan!, hashes)];
            if (changed.Length == 0)
            {
                observation.Note(plan!, request.Contexts.Count == 0, written, hashes);
                warnings.AddRange(CSharpMessages(built, BuildMessages.Warnings));
                return new BuildOutcome(
                    built,
                    evaluated,
                    [.. warnings.Distinct(StringComparer.Ordinal)],
                    time.Elapsed
                );
            }

            if (round == MostRounds)
            {
                throw new CommandException(
                    ExitCode.Failed,
                    $"{Path.GetRelativePath(folder.Location, changed[0].Path)} changed during the build{(changed.Length > 1 ? $", and {changed.Length - 1} more files" : "")}, {MostRounds} times: what was built belongs to no state of the sources. Build again when they keep still; a target that writes into the source tree must write the same each time."
                );
            }

            if (reason is not null)
            {
                // What is new after an evaluation was written by its targets, as a rule.
                written =
                [
                    .. written.Union(
                        changed
                            .Where(change =>
                                change.Change == ChangeOfPath.New && File.Exists(change.Path)
                            )
                            .Select(change => change.Path),
                        StringComparer.Ordinal
                    ),
                ];
            }

            if (request.Explain && !request.Json)
            {
                terminal.Out.Write($"again: {changed[0]} during the build\n");
            }

            before = observation.Snapshot;
        }
    }

    /// <summary>Why the plan says nothing about this build, whatever changed; null when it does.</summary>
    private static string? WhyNotThePlan(BuildPlan? plan, BuildNote? note) =>
        plan is null ? "there is no plan yet"
        : note is null ? "no build of this place went well since"
        : note.Plan != BuildObservation.HashOf(plan) ? "the plan is another one"
        : ProgramEnvironment.Differences(note.Variables) is [string variable, ..]
            ? $"the environment variable {variable} changed"
        : null;

    /// <summary>The first change that is not the business of single actions; null when there is none.</summary>
    private static string? WhyEvaluate(BuildPlan plan, IReadOnlyList<PathChange> changes)
    {
        if (changes.Count == 0)
        {
            return null;
        }

        DirectInputs direct = new(plan);
        return changes
            .Where(change => !direct.Cover(change))
            .Select(change => change.ToString())
            .FirstOrDefault();
    }

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
                        : exception.Message,
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
