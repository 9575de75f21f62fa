using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Morgana.Workspace;
using Morgana.Workspace.Steps;

namespace Morgana.Sdk;

/// <summary>Runs the programs of the workspace's steps (BuildStep) whose inputs have changed since they last ran.</summary>
public sealed class RunSteps : WorkspaceTask
{
    /// <summary>The built programs, with the projects that they come from.</summary>
    public ITaskItem[] StepAssemblies { get; set; } = [];

    /// <summary>Where is noted what ran on what.</summary>
    [Required]
    public string OutputFolder { get; set; } = "";

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
    protected override void Work(DeclaredWorkspace workspace)
    {
        IReadOnlyList<StepRun> runs = StepRun.Of(workspace);
        if (Enabled)
        {
            _ = Directory.CreateDirectory(OutputFolder);
            for (int i = 0; i < runs.Count; i++)
            {
                Cancelled.ThrowIfCancellationRequested();
                RunOne(runs[i]);
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

    private void RunOne(StepRun run)
    {
        string assembly = StepPrograms.Find(StepAssemblies, run.Step.Program);
        string note = Path.Combine(OutputFolder, run.Name);
        string[] command = ["exec", assembly, .. run.Arguments];
        string[] text =
        [
            .. run.Arguments,
            "environment",
            .. run.Environment,
            "outputs",
            .. run.Outputs,
        ];
        string[] inputs = [.. StepPrograms.Files(assembly), .. run.Inputs];
        if (
            run.Outputs.All(File.Exists)
            && Stamp.IsCurrent(note, Stamp.Compute([.. inputs, .. run.Outputs], text))
        )
        {
            return;
        }

        Stamp.Forget(note);
        foreach (string output in run.Outputs)
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        }

        Log.LogMessage(MessageImportance.High, "  running {0}", run.Name);
        string printed = Run(
            Dotnet,
            command,
            "MORGANA059",
            "dotnet-sdk-10.0",
            run.Environment,
            ProjectFolder
        );
        if (printed.Length > 0)
        {
            Log.LogMessage(MessageImportance.High, "{0}", printed);
        }

        if (run.Outputs.FirstOrDefault(output => !File.Exists(output)) is string missing)
        {
            throw new SdkException(
                "MORGANA059",
                $"The step '{run.Name}' ({run.Step.File}, line {run.Step.Line}) ended well and left no {missing}, which stands among its Outputs."
            );
        }

        File.WriteAllText(note, string.Join('\n', command));
        Stamp.Write(note, Stamp.Compute([.. inputs, .. run.Outputs], text));
    }
}
