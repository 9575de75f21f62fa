using Morgana.Workspace.Contexts;
using Morgana.Workspace.Reading;
using Morgana.Workspace.Steps;
using Morgana.Workspace.Toolchains;

namespace Morgana.Workspace;

/// <summary>
/// What a workspace declares in <c>morgana/contexts.props</c> and <c>workspace.props</c>: read in one place for the tool and the SDK, so that both
/// always agree.
/// </summary>
public sealed record DeclaredWorkspace
{
    /// <summary>The generated file, relative to the unikernel's folder.</summary>
    public const string GeneratedFile = "morgana/contexts.props";

    /// <summary>The user's file, relative to the unikernel's folder.</summary>
    public const string UserFile = "workspace.props";

    /// <summary>Full path of the unikernel's folder.</summary>
    public required string Folder { get; init; }

    /// <summary>The unikernel's name, of which images are named.</summary>
    public required string Name { get; init; }

    /// <summary>All contexts in the order of their declaration: <see cref="Default"/> first, those not enabled included.</summary>
    public required IReadOnlyList<BuildContext> Contexts { get; init; }

    /// <summary>The steps, in the order of their declaration, which is that in which they run.</summary>
    public IReadOnlyList<BuildStep> Steps { get; init; } = [];

    /// <summary>The folders with toolchains.</summary>
    public IReadOnlyList<ToolchainFolder> ToolchainFolders { get; init; } = [];

    /// <summary>What is no mistake and yet may be none of the user's intention, such as an update of a context that is not configured.</summary>
    public IReadOnlyList<WorkspaceMistake> Notes { get; init; } = [];

    /// <summary>Full paths of the files that decide all this, those that are not there (yet) included.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The context every workspace has.</summary>
    public BuildContext Default => Contexts[0];

    /// <summary>The contexts that make images and are enabled: what a build builds.</summary>
    public IEnumerable<BuildContext> ImageContexts =>
        Contexts.Where(context => context.Enabled && context.MakesImage);

    /// <summary>Reads what the workspace of a unikernel declares.</summary>
    /// <param name="folder">The unikernel's folder, with config.cs.</param>
    /// <param name="name">The unikernel's name; null to read it in morgana/project.props.</param>
    /// <param name="defaults">What holds when contexts.props is not there; null for no contexts but the default one.</param>
    /// <exception cref="WorkspaceException">It has mistakes: all of them, each with its place.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static DeclaredWorkspace Load(
        string folder,
        string? name = null,
        WorkspaceDefaults? defaults = null
    ) => new WorkspaceReader(folder, name, defaults).Read();
}
