namespace Morgana.Cli.Build;

/// <summary>What the command line of <c>morgana build</c> asks for.</summary>
internal sealed record BuildRequest
{
    /// <summary>Names of contexts, with wildcards; none for all.</summary>
    public IReadOnlyList<string> Contexts { get; init; } = [];

    /// <summary>Say why each action ran.</summary>
    public bool Explain { get; init; }

    /// <summary>Print each command.</summary>
    public bool ShowCommands { get; init; }

    /// <summary>Pass on all that dotnet says.</summary>
    public bool Verbose { get; init; }

    /// <summary>Print the result as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>Full path of the trace to write; null for none.</summary>
    public string? Timings { get; init; }
}
