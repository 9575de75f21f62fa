using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Morgana.Build;
using Morgana.Build.Execution;
using Morgana.Build.Hashing;
using Morgana.Build.Plans;
using Morgana.Build.Reporting;
using Morgana.Sdk.Planning;
using Morgana.Workspace;
using Morgana.Workspace.Steps;

namespace Morgana.Sdk;

/// <summary>Runs the programs of the workspace's steps (BuildStep), as actions of the engine: those whose inputs have changed since they last ran.</summary>
public sealed class RunSteps : WorkspaceTask, IBuildReporter
{
    /// <summary>The built programs, with the projects that they come from.</summary>
    public ITaskItem[] StepAssemblies { get; set; } = [];

    /// <summary>Where the engine's records are.</summary>
    [Required]
    public string StateFolder { get; set; } = "";

    /// <summary>The program dotnet, which runs them.</summary>
    public string Dotnet { get; set; } = "dotnet";

    /// <summary>False to only tell what they would make: an editor asks.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The C# that they make.</summary>
    [Output]
    public ITaskItem[] Sources { get; private set; } = [];

    /// <summary>All that they make.</summary>
    [Output]
    public ITaskItem[] Outputs { get; private set; } = [];

    /// <inheritdoc/>
    public void Starting(Build.Plans.BuildAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Log.LogMessage(MessageImportance.High, "  running {0}", action.Id["step:".Length..]);
        Log.LogMessage(MessageImportance.Normal, "{0}", CommandText.Of(action, ProjectFolder));
    }

    /// <inheritdoc/>
    public void Done(ActionReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Outcome == ActionOutcome.Failed)
        {
            Log.LogError(null, "MORGANA059", null, null, 0, 0, 0, 0, "{0}", report.FailureText);
        }
        else if (report.Output.Length > 0)
        {
            Log.LogMessage(MessageImportance.High, "{0}", report.Output);
        }
    }

    /// <inheritdoc/>
    protected override void Work(DeclaredWorkspace workspace)
    {
        IReadOnlyList<StepRun> runs = StepRun.Of(workspace);
        if (Enabled)
        {
            string state = Path.GetFullPath(StateFolder);
            string[] contexts = [.. workspace.ImageContexts.Select(context => context.Name)];
            FileHashes hashes = new(state);
            for (int i = 0; i < runs.Count; i++)
            {
                Cancelled.ThrowIfCancellationRequested();
                if (!RunOne(runs[i], contexts, state, hashes))
                {
                    return;
                }

                // What one step has made, the patterns of the next may find.
                runs = StepRun.Of(workspace);
            }
        }

        Sources = [.. Items(runs.SelectMany(run => run.Sources))];
        Outputs = [.. Items(runs.SelectMany(run => run.Outputs))];
    }

    /// <summary>With the path as globs write it as well, so that what a glob found already can be taken out.</summary>
    private IEnumerable<TaskItem> Items(IEnumerable<string> paths) =>
        paths
            .Where(File.Exists)
            .Select(path =>
            {
                TaskItem item = new(path);
                item.SetMetadata("Relative", Path.GetRelativePath(ProjectFolder, path));
                return item;
            });

    private bool RunOne(StepRun run, string[] contexts, string state, FileHashes hashes)
    {
        BuildPlan plan = new()
        {
            Name = run.Name,
            ProjectFolder = ProjectFolder,
            StateFolder = state,
            Roots = new Dictionary<string, string> { [ProjectFolder] = "<project>" },
            Actions = [StepActions.Action(run, StepAssemblies, Dotnet, ProjectFolder, contexts)],
            Images = [],
        };
        try
        {
            using BuildEngine engine = new(plan, new BuildOptions(), this, hashes);
            return engine.RunAsync(Cancelled).GetAwaiter().GetResult().Succeeded;
        }
        catch (BuildException e)
        {
            throw new SdkException(
                e.Code.Length > 0 ? e.Code : "MORGANA059",
                $"The step '{run.Name}' ({run.Step.File}, line {run.Step.Line}): {e.Message}"
            );
        }
    }
}
