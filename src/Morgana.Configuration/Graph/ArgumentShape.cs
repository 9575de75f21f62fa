namespace Morgana.Configuration.Graph;

/// <summary>A boot argument as data.</summary>
internal sealed record ArgumentShape
{
    public required string Name { get; init; }

    public required ArgumentKind Kind { get; init; }

    /// <summary>The type of one value, as C# source.</summary>
    public required string Type { get; init; }

    public required string Help { get; init; }

    public char? Alias { get; init; }

    /// <summary>The text that stands for a value that is not given.</summary>
    public string? Default { get; init; }
}
