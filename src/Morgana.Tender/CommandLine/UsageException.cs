namespace Morgana.Tender.CommandLine;

/// <summary>The command line is not one of this tender: the message and then the usage are shown.</summary>
/// <param name="message">What is wrong.</param>
internal sealed class UsageException(string message) : Exception(message);
