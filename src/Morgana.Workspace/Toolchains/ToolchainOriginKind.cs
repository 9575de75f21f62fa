namespace Morgana.Workspace.Toolchains;

/// <summary>Kinds of places with toolchains, in the order in which they are searched.</summary>
public enum ToolchainOriginKind
{
    /// <summary>The folder <c>toolchains/</c> of the workspace.</summary>
    Workspace,

    /// <summary>A folder that workspace.props names with a <c>ToolchainFolder</c>.</summary>
    Folder,

    /// <summary>A folder of the environment variable MORGANA_TOOLCHAINS.</summary>
    Variable,

    /// <summary>A NuGet package that the unikernel refers to.</summary>
    Package,

    /// <summary>The SDK's own.</summary>
    Sdk,

    /// <summary>A file that was named.</summary>
    File,
}
