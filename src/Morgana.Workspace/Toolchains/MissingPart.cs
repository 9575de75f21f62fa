namespace Morgana.Workspace.Toolchains;

/// <summary>Something that a toolchain needs and that is not on this machine.</summary>
/// <param name="Name">What it is: a program, an archive, a package.</param>
/// <param name="Remedy">What to do.</param>
public sealed record MissingPart(string Name, string Remedy);
