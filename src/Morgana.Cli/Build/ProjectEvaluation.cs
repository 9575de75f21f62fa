using Morgana.Build.CSharp;
using Morgana.Build.Execution;
using Morgana.Build.Hashing;
using Morgana.Build.Observation;
using Morgana.Build.Plans;
using Morgana.Cli.Dotnet;
using Morgana.Cli.Needs.Locks;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;

namespace Morgana.Cli.Build;

/// <summary>Asks MSBuild for the plan of a project: from nothing, in a folder of its own.</summary>
internal sealed class ProjectEvaluation(
    Terminal terminal,
    UnikernelFolder folder,
    string project,
    string name,
    BuildRequest request
)
{
    private readonly IsolatedFolder isolated = new(
        folder.CachePath,
        Repository.RootOf(folder.Location)
    );

    /// <summary>Evaluates.</summary>
    /// <param name="written">Files in the tree that targets have written before: they are made to look old, so that no target takes them for current.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">MSBuild failed; with its errors.</exception>
    public async Task<Evaluated> RunAsync(
        IEnumerable<string> written,
        CancellationToken cancellation
    )
    {
        isolated.Prepare();
        foreach (string file in written.Where(File.Exists))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch);
        }

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
                            isolated.LoggerOption,
                        ],
                        request.Verbose ? line => terminal.Error.Write(line + "\n") : null,
                        cancellation,
                        [.. ProgramEnvironment.ForEvaluation(), .. isolated.Variables]
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

            throw BuildFailure.Of(name, BuildMessages.Errors(lines, folder.Location), lines);
        }

        FileHashes hashes = new(folder.CachePath);
        BuildPlan plan =
            BuildPlan.TryRead(folder.CachePath)
            ?? throw new CommandException(
                ExitCode.Failed,
                $"dotnet build ended well but left no obj/morgana/{BuildPlan.FileName}: does {Path.GetFileName(project)} use the SDK Morgana.Sdk, and its configuration Release?"
            );
        EvaluationReport report =
            EvaluationReport.Read(
                isolated.Report,
                [
                    folder.CachePath,
                    .. plan
                        .Roots.Where(root => root.Value is "<sdk>" or "<dotnet>")
                        .Select(root => root.Key),
                ]
            )
            ?? throw new CommandException(
                ExitCode.Failed,
                $"dotnet build ended well but its logger left no whole {isolated.Report}: build again."
            );
        plan = PlanCompletion.Complete(
            plan,
            CompilerRun.Noted(folder.CachePath),
            isolated.Outputs,
            report.Opaque.Length > 0,
            hashes
        ) with
        {
            Files = [.. plan.Files.Union(report.Imports).Union(report.Reads)],
            Folders = [.. plan.Folders.Union(report.ProjectFolders, StringComparer.Ordinal)],
            LooksEverywhere = report.Everywhere,
            Opaque = report.Opaque,
            // In a repository it is somewhere below its root, and everything there counts.
            Unknown = Path.Exists(Path.Combine(Repository.RootOf(folder.Location), ".git"))
                ? ""
                : report.Unresolved,
        };
        plan.Write();
        return new Evaluated(plan, BuildMessages.Warnings(lines, folder.Location));
    }
}

/// <summary>What an evaluation gave.</summary>
/// <param name="Plan">The whole plan, as it was written.</param>
/// <param name="Warnings">MSBuild's warnings.</param>
internal sealed record Evaluated(BuildPlan Plan, IReadOnlyList<string> Warnings);
