namespace Morgana.Cli.Needs;

/// <summary>A program or library of the host that a build needs.</summary>
/// <param name="Name">What is looked for.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Package">The Debian package that brings it.</param>
/// <param name="Places">Full paths where it may be; empty for a program on the PATH.</param>
internal sealed record NativeTool(string Name, string Purpose, string Package, string[] Places);
