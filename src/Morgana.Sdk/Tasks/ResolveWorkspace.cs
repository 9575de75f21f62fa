using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Morgana.Workspace;
using Morgana.Workspace.Contexts;
using Morgana.Workspace.Resolution;
using Morgana.Workspace.Steps;

namespace Morgana.Sdk;

/// <summary>Tells MSBuild what the workspace declares: which packages native code is made of, in which configuration its programs are built.</summary>
public sealed class ResolveWorkspace : WorkspaceTask
{
    /// <summary>True while packages are restored: a toolchain that comes with one of them is not there yet.</summary>
    public bool Restoring { get; set; }

    /// <summary>The runtime packs of the contexts.</summary>
    [Output]
    public string[] RuntimePackages { get; private set; } = [];

    /// <summary>The projects of the steps' programs, with the Configuration in which their host context has them.</summary>
    [Output]
    public ITaskItem[] StepPrograms { get; private set; } = [];

    /// <summary>The files that say all this.</summary>
    [Output]
    public string[] Files { get; private set; } = [];

    /// <inheritdoc/>
    protected override void Work(DeclaredWorkspace workspace)
    {
        Files = [.. workspace.Files];
        foreach (WorkspaceMistake note in Restoring ? [] : workspace.Notes)
        {
            Log.LogMessage(MessageImportance.Normal, "{0}", note.ToString());
        }

        SortedSet<string> packages = new(StringComparer.Ordinal);
        try
        {
            foreach (ResolvedContext context in Resolve(workspace).Images)
            {
                _ = packages.Add(context.Toolchain.RuntimePackage);
            }
        }
        catch (WorkspaceException) when (Restoring)
        {
            // The build tells of it; until then the usual pack of each architecture.
            foreach (BuildContext context in workspace.ImageContexts)
            {
                _ = packages.Add(
                    $"microsoft.netcore.app.runtime.nativeaot.linux-{context.Architecture}"
                );
            }
        }

        RuntimePackages = [.. packages];
        if (!Restoring)
        {
            StepPrograms =
            [
                .. StepRun
                    .Of(workspace)
                    .DistinctBy(run => run.Step.Program)
                    .Select(run =>
                    {
                        TaskItem item = new(run.Step.Program);
                        item.SetMetadata(
                            "Configuration",
                            run.Host.Profile == "debug" ? "Debug" : "Release"
                        );
                        return item;
                    }),
            ];
        }
    }
}
