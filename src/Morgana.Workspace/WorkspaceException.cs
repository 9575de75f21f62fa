namespace Morgana.Workspace;

/// <summary>What a workspace declares cannot be understood or found; every mistake is named, with its place.</summary>
public sealed class WorkspaceException : Exception
{
    /// <summary>Several mistakes, at least one.</summary>
    public WorkspaceException(IReadOnlyList<WorkspaceMistake> mistakes)
        : base(string.Join('\n', mistakes)) => Mistakes = mistakes;

    /// <summary>One mistake without a place.</summary>
    public WorkspaceException(string code, string message)
        : this(code, "", 0, message) { }

    /// <summary>One mistake in a line of a file.</summary>
    public WorkspaceException(string code, string file, int line, string message)
        : this([new WorkspaceMistake(code, file, line, message)]) { }

    /// <summary>The mistakes, in the order of the files.</summary>
    public IReadOnlyList<WorkspaceMistake> Mistakes { get; }
}
