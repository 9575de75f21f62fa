namespace Morgana.Cli.Dotnet;

/// <summary>How a run of <c>dotnet</c> ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">The lines of its standard output.</param>
/// <param name="Error">The lines of its standard error.</param>
internal sealed record DotnetResult(
    int ExitCode,
    IReadOnlyList<string> Output,
    IReadOnlyList<string> Error
)
{
    /// <summary>True when it ended well.</summary>
    public bool Succeeded => ExitCode == 0;
}
