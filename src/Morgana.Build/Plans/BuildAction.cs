namespace Morgana.Build.Plans;

/// <summary>One thing to do: a command, what it reads, what it writes. Paths are full paths.</summary>
public sealed record BuildAction
{
    /// <summary>The name in messages and of its record on disk, as in <c>link:spt-x64</c>; unique in the plan.</summary>
    public required string Id { get; init; }

    /// <summary>What it does.</summary>
    public required ActionKind Kind { get; init; }

    /// <summary>The contexts that need it.</summary>
    public required IReadOnlyList<string> Contexts { get; init; }

    /// <summary>The program: a full path, or a name on PATH; empty for what the engine does itself.</summary>
    public string Program { get; init; } = "";

    /// <summary>The program's arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>A file of further arguments, one a line; it is written before the program runs. Empty for none.</summary>
    public string ResponseFile { get; init; } = "";

    /// <summary>The lines of <see cref="ResponseFile"/>.</summary>
    public IReadOnlyList<string> ResponseLines { get; init; } = [];

    /// <summary>What is added to the environment, <c>NAME=VALUE</c>.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>The folder that the program runs in; empty for the plan's.</summary>
    public string WorkingFolder { get; init; } = "";

    /// <summary>The files that it reads.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The files that it writes.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>
    /// A file that the program writes, in make's form, with what else it has read: C's headers. What stands there counts as inputs from then on. Empty for none.
    /// </summary>
    public string DependencyFile { get; init; } = "";

    /// <summary>What a failure of the program is reported as, as in MORGANA041; empty when the program's own messages have codes.</summary>
    public string ErrorCode { get; init; } = "";

    /// <summary>Debian's package with the program, for the message when it is not there; empty when no package has it.</summary>
    public string Package { get; init; } = "";

    /// <summary>
    /// Those of <see cref="Inputs"/> that nobody but this action reads, as far as they decide about the build: an edit of one is this action's business, and MSBuild need not be asked.
    /// </summary>
    public IReadOnlyList<string> Direct { get; init; } = [];

    /// <summary>The folders whose place does not matter to this action, with names in place of them; null for those of the plan.</summary>
    public IReadOnlyDictionary<string, string>? Names { get; init; }

    /// <summary>Whether nothing of it is missing, as it can be when it was read from a file.</summary>
    internal bool IsWhole() =>
        Id is not null
        && Program is not null
        && ResponseFile is not null
        && WorkingFolder is not null
        && DependencyFile is not null
        && ErrorCode is not null
        && Package is not null
        && IsWhole(Contexts)
        && IsWhole(Direct)
        && Names?.All(name => name.Value is not null) != false
        && IsWhole(Arguments)
        && IsWhole(ResponseLines)
        && IsWhole(Environment)
        && IsWhole(Inputs)
        && IsWhole(Outputs);

    private static bool IsWhole(IReadOnlyList<string>? list)
    {
        if (list is null)
        {
            return false;
        }

        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] is null)
            {
                return false;
            }
        }

        return true;
    }
}
