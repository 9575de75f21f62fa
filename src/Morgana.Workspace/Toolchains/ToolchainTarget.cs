namespace Morgana.Workspace.Toolchains;

/// <summary>What a target adds to a toolchain.</summary>
public sealed class ToolchainTarget
{
    /// <summary>Sources of the bindings, patterns under native/.</summary>
    public required string[] Sources { get; init; }

    /// <summary>The linker script, under native/.</summary>
    public required string LinkerScript { get; init; }
}
