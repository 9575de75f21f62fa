namespace Morgana.Workspace.Toolchains;

/// <summary>A place in which toolchains are looked for.</summary>
/// <param name="Kind">What kind of place it is.</param>
/// <param name="Folder">Full path of the folder.</param>
/// <param name="Name">What users know it by: a package with its version, a variable, a line of a file.</param>
public sealed record ToolchainOrigin(ToolchainOriginKind Kind, string Folder, string Name)
{
    /// <summary>A toolchain that was read by its path.</summary>
    public static ToolchainOrigin Unknown { get; } = new(ToolchainOriginKind.File, "", "");

    /// <inheritdoc/>
    public override string ToString() =>
        Kind switch
        {
            ToolchainOriginKind.Workspace => "workspace",
            ToolchainOriginKind.Folder => $"folder {Folder}",
            ToolchainOriginKind.Variable => $"{ToolchainSearch.Variable}: {Folder}",
            ToolchainOriginKind.Package => $"package {Name}",
            ToolchainOriginKind.Sdk => "SDK",
            _ => "file",
        };
}
