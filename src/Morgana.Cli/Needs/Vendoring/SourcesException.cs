namespace Morgana.Cli.Needs.Vendoring;

/// <summary>The sources of a package cannot be had; it stays a binary, and the user is told.</summary>
/// <param name="message">Goes on after the package's name: "carries no sources and names none".</param>
internal sealed class SourcesException(string message) : Exception(message);
