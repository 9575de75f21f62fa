namespace Morgana.Workspace.Contexts;

/// <summary>Where something is said.</summary>
/// <param name="File">Full path of the file.</param>
/// <param name="Line">The line, from 1; 0 for the whole file.</param>
public sealed record FieldPlace(string File, int Line);
