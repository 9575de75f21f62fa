namespace Morgana.Workspace.Toolchains;

/// <summary>A folder that workspace.props names as one with toolchains: an MSBuild item <c>ToolchainFolder</c>.</summary>
/// <param name="Path">Its full path.</param>
/// <param name="File">The file that names it.</param>
/// <param name="Line">The line in it, from 1.</param>
public sealed record ToolchainFolder(string Path, string File, int Line);
