namespace Morgana.Configuration;

/// <summary>A program of the workspace that makes an image out of what the linker made, or out of what the step before it made.</summary>
public sealed record ImageStep
{
    /// <summary>A short name for messages.</summary>
    public required string Name { get; init; }

    /// <summary>The program's project file, from the folder of config.cs. It is built in the host context, once.</summary>
    public required string Program { get; init; }

    /// <summary>
    /// Its arguments: <c>{input}</c> is the file to read, <c>{output}</c> the file to write, <c>{architecture}</c> the architecture.
    /// </summary>
    public IReadOnlyList<string> Arguments { get; init; } = ["{input}", "{output}"];
}
