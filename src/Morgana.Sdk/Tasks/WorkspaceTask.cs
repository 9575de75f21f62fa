using Microsoft.Build.Framework;
using Morgana.Workspace;
using Morgana.Workspace.Resolution;

namespace Morgana.Sdk;

/// <summary>A task that works on the contexts of a workspace.</summary>
public abstract class WorkspaceTask : SdkTask
{
    /// <summary>The unikernel's folder, with config.cs.</summary>
    [Required]
    public string ProjectFolder { get; set; } = "";

    /// <summary>The unikernel's name.</summary>
    [Required]
    public string UnikernelName { get; set; } = "";

    /// <summary>The targets that it is configured for, for a workspace without contexts.props.</summary>
    public string[] Targets { get; set; } = [];

    /// <summary>The architectures that it is configured for, for a workspace without contexts.props.</summary>
    public string[] Architectures { get; set; } = [];

    /// <summary>False when contexts are made of <see cref="Targets"/> and <see cref="Architectures"/> though there is a contexts.props.</summary>
    public bool GeneratedContexts { get; set; } = true;

    /// <summary>What a restore wrote, obj/project.assets.json: it names the packages, in which toolchains may be.</summary>
    [Required]
    public string AssetsFile { get; set; } = "";

    /// <summary>The SDK's own toolchains.</summary>
    [Required]
    public string ToolchainsFolder { get; set; } = "";

    /// <summary>The SDK's native layer, native/.</summary>
    [Required]
    public string NativeFolder { get; set; } = "";

    /// <inheritdoc/>
    protected sealed override void Work()
    {
        DeclaredWorkspace workspace = DeclaredWorkspace.Load(
            ProjectFolder,
            UnikernelName,
            new WorkspaceDefaults(Targets, Architectures, InsteadOfGenerated: !GeneratedContexts)
        );
        Work(workspace);
    }

    /// <summary>Does the task's work.</summary>
    protected abstract void Work(DeclaredWorkspace workspace);

    /// <summary>The contexts that are built, with their toolchains.</summary>
    protected ResolvedWorkspace Resolve(DeclaredWorkspace workspace) =>
        ResolvedWorkspace.Resolve(workspace, AssetsFile, ToolchainsFolder);

    /// <summary>The native layer of a context.</summary>
    private protected string NativeLayer(ResolvedContext context) =>
        context.Toolchain.NativeLayer(NativeFolder);
}
