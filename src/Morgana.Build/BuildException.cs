using Morgana.Workspace;

namespace Morgana.Build;

/// <summary>A build cannot go on; the message says what is wrong, where, and what to do.</summary>
/// <param name="code">As in MORGANA041; empty when the message is a compiler's own.</param>
/// <param name="message">The message.</param>
public sealed class BuildException(string code, string message) : Exception(message)
{
    /// <summary>Several mistakes, at least one, each with its place.</summary>
    public BuildException(IReadOnlyList<WorkspaceMistake> mistakes)
        : this("", string.Join('\n', mistakes ?? [])) => Mistakes = mistakes ?? [];

    /// <summary>The mistakes with their places; empty when the message is all that is known.</summary>
    public IReadOnlyList<WorkspaceMistake> Mistakes { get; } = [];

    /// <summary>As in MORGANA041; empty when the message is a compiler's own.</summary>
    public string Code { get; } = code;
}
