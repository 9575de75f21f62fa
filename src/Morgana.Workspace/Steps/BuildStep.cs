namespace Morgana.Workspace.Steps;

/// <summary>
/// A program of the workspace that runs during the build, before the C# compiler: an MSBuild item <c>BuildStep</c> of workspace.props. It is built
/// in the host context, once, and never for a target.
/// </summary>
public sealed record BuildStep
{
    /// <summary>The name, as in <c>crunch</c>; letters, digits, '-', '_' and '.'.</summary>
    public required string Name { get; init; }

    /// <summary>Full path of the program's project file.</summary>
    public required string Program { get; init; }

    /// <summary>The program's arguments; <c>{context}</c>, <c>{architecture}</c>, <c>{target}</c>, <c>{profile}</c> stand for the context's.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What it reads: files and patterns (<c>*</c>, <c>?</c>, <c>**</c>), relative to the unikernel's folder.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>What it writes, relative to the unikernel's folder. Those that end in <c>.cs</c> are compiled.</summary>
    public IReadOnlyList<string> Outputs { get; init; } = [];

    /// <summary>The condition under which it runs for a context, as it was written; empty for always.</summary>
    public string EnabledIf { get; init; } = "";

    /// <summary>Full path of the file that declares it.</summary>
    public string File { get; init; } = "";

    /// <summary>The line in <see cref="File"/>, from 1.</summary>
    public int Line { get; init; }
}
