namespace Morgana.Cli;

/// <summary>Ends a command with a message for the user and no stack trace.</summary>
/// <param name="exitCode">One of <see cref="ExitCode"/>.</param>
/// <param name="message">What is wrong, where, and what to do; may have several lines.</param>
internal sealed class CommandException(int exitCode, string message) : Exception(message)
{
    /// <summary>The tool's exit code.</summary>
    public int ExitCode { get; } = exitCode;
}
