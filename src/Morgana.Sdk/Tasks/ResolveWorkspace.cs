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

    /// <summary>The projects that the unikernel refers to.</summary>
    public ITaskItem[] ProjectReferences { get; set; } = [];

    /// <summary>Those of them that are programs of steps whose host context has the profile debug.</summary>
    [Output]
    public ITaskItem[] DebugReferences { get; private set; } = [];

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
            HashSet<string> debug =
            [
                .. StepRun
                    .Of(workspace)
                    .Where(run => run.Host.Profile == "debug")
                    .Select(run => run.Step.Program),
            ];
            DebugReferences =
            [
                .. ProjectReferences.Where(item =>
                    debug.Contains(item.GetMetadata("FullPath"))
                    && item.GetMetadata("OutputItemType") == "MorganaStepAssembly"
                ),
            ];
        }
    }
}
