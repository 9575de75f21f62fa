namespace Morgana.Build;

/// <summary>A build cannot go on; the message says what is wrong, where, and what to do.</summary>
/// <param name="code">As in MORGANA041; empty when the message is a compiler's own.</param>
/// <param name="message">The message.</param>
public sealed class BuildException(string code, string message) : Exception(message)
{
    /// <summary>As in MORGANA041; empty when the message is a compiler's own.</summary>
    public string Code { get; } = code;
}
