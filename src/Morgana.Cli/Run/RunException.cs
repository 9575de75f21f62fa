namespace Morgana.Cli.Run;

/// <summary>
/// A refusal of <c>morgana run</c> that the user can act on: its message is one sentence that says what is wrong and
/// one that says what to do. It is printed without a stack trace.
/// </summary>
internal sealed class RunException(string message) : Exception(message);
