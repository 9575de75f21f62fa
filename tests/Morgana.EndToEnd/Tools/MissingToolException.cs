namespace Morgana.EndToEnd.Tools;

/// <summary>The machine lacks something the tests need; the message names what to install or build.</summary>
public sealed class MissingToolException(string message) : Exception(message);
