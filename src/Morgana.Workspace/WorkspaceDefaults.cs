namespace Morgana.Workspace;

/// <summary>What holds when morgana/contexts.props is not there: a workspace configured by an older tool, or by properties alone.</summary>
/// <param name="Targets">The targets.</param>
/// <param name="Architectures">The architectures; a context is made for each target and architecture.</param>
/// <param name="InsteadOfGenerated">True when they hold though contexts.props is there.</param>
public sealed record WorkspaceDefaults(
    IReadOnlyList<string> Targets,
    IReadOnlyList<string> Architectures,
    bool InsteadOfGenerated = false
);
