using System.Diagnostics;
using Morgana.Build;
using Morgana.Build.Diagnostics;
using Morgana.Build.Execution;
using Morgana.Build.Hashing;
using Morgana.Build.Plans;
using Morgana.Build.Reporting;
using Morgana.Cli.Dotnet;
using Morgana.Cli.Needs.Locks;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;

namespace Morgana.Cli.Build;

/// <summary>
/// Builds the images of a unikernel. The plan in obj/morgana is carried out here as long as nothing has changed that MSBuild made it from; else MSBuild makes it anew.
/// </summary>
internal sealed class ProjectBuild(
    Terminal terminal,
    UnikernelFolder folder,
    string project,
    string name,
    BuildRequest request
)
{
    /// <summary>The variable that tells the SDK's task to leave the plan to this process.</summary>
    private const string PlanOnly = "MORGANA_PLAN_ONLY";

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
        BuildPlan? plan = ReadPlan();
        string? evaluated = plan is null
            ? "there is no plan yet"
            : plan.Evaluation.FindChange(hashes);
        List<string> warnings = [];
        if (evaluated is not null)
        {
            if (request.Explain && !request.Json)
            {
                terminal.Out.Write($"evaluation: MSBuild makes the plan: {evaluated}\n");
            }

            warnings.AddRange(await EvaluateAsync(cancellation).ConfigureAwait(false));
            hashes = new FileHashes(folder.CachePath);
            plan =
                ReadPlan()
                ?? throw new CommandException(
                    ExitCode.Failed,
                    $"dotnet build ended well but left no obj/morgana/{BuildPlan.FileName}: does {Path.GetFileName(project)} use the SDK Morgana.Sdk, and its configuration Release?"
                );
        }

        BuildResult result = await ExecuteAsync(plan!, hashes, evaluated is not null, cancellation)
            .ConfigureAwait(false);
        if (request.Contexts.Count == 0)
        {
            CurrentBuild.Note(plan!, CurrentAnswer.Owner, ConfiguredFiles(), hashes);
        }

        warnings.AddRange(CSharpMessages(result, BuildMessages.Warnings));
        return new BuildOutcome(
            result,
            evaluated,
            [.. warnings.Distinct(StringComparer.Ordinal)],
            time.Elapsed
        );
    }

    /// <summary>A plan that was made in another folder, and copied here, builds there.</summary>
    private BuildPlan? ReadPlan() =>
        BuildPlan.TryRead(folder.CachePath) is { } plan && plan.ProjectFolder == folder.Location
            ? plan
            : null;

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

    private async Task<IReadOnlyList<string>> EvaluateAsync(CancellationToken cancellation)
    {
        DotnetResult result = await terminal
            .Working(
                $"building {name}",
                () =>
                    DotnetProcess.RunAsync(
                        folder.Location,
                        [
                            "build",
                            Path.GetFileName(project),
                            "-nologo",
                            request.Verbose ? "-v:normal" : "-v:minimal",
                            "-tl:off",
                            "-clp:NoSummary",
                        ],
                        request.Verbose ? line => terminal.Error.Write(line + "\n") : null,
                        cancellation,
                        [(PlanOnly, "1"), ("MorganaLocked", "true")]
                    )
            )
            .ConfigureAwait(false);
        List<string> lines = [.. result.Output, .. result.Error];
        if (!result.Succeeded)
        {
            string lockFile = Path.GetFileName(UnikernelFolder.LockFile(project));
            if (RestoreFailure.Explain(lines, folder.Location, lockFile) is { } failure)
            {
                throw failure;
            }

            throw Failure(BuildMessages.Errors(lines, folder.Location), lines);
        }

        return BuildMessages.Warnings(lines, folder.Location);
    }

    private async Task<BuildResult> ExecuteAsync(
        BuildPlan plan,
        FileHashes hashes,
        bool evaluated,
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
                new BuildOptions
                {
                    Contexts = contexts,
                    Adopted = evaluated ? plan.DoneByEvaluation() : new HashSet<string>(),
                },
                new BuildProgress(terminal, request, folder.Location),
                hashes
            );
            result = await engine.RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (BuildException exception)
        {
            throw Failure(
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
            throw Failure(errors, [.. result.Failures.Select(report => report.FailureText)]);
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

    private CommandException Failure(IReadOnlyList<string> errors, IReadOnlyList<string> lines) =>
        new(
            ExitCode.Failed,
            $"{name} does not build:\n"
                + string.Join('\n', errors.Count > 0 ? errors : lines)
                + HintFor(errors)
        );

    /// <summary>Errors in generated code have their cause somewhere else.</summary>
    private static string HintFor(IReadOnlyList<string> errors) =>
        errors.Any(error => error.StartsWith("morgana/", StringComparison.Ordinal))
            ? "\nmorgana/ is generated from config.cs: a job's class name and devices there must match the class and its constructor."
            : "";
}
