namespace Morgana.Runtime;

/// <summary>A boot argument as the command line has it: its names, what it takes, and what was given for it.</summary>
/// <param name="name">With its hyphens: --ipv4.</param>
/// <param name="aliases">Other names, with a hyphen and a letter each.</param>
/// <param name="help">What it says.</param>
internal abstract class BootOption(string name, string[] aliases, string help)
{
    public string Name => name;

    public string[] Aliases => aliases;

    public string Help => help;

    /// <summary>What stands for the value in the usage text; null when it takes none.</summary>
    public string? ValueName { get; init; }

    public bool IsRequired { get; init; }

    public bool IsRepeatable { get; init; }

    /// <summary>True when the word that follows it is its value, even one that is a name too.</summary>
    public bool WantsValue => ValueName is not null && !IsRepeatable;

    /// <summary>The text that stands for the value when none is given, for the usage text; may be null.</summary>
    public string? DefaultText { get; init; }

    /// <summary>The name under which it was first given, with a value or without; null when it was not given.</summary>
    public string? GivenAs { get; set; }

    /// <summary>The values that were given, not yet read.</summary>
    public List<string> Given { get; } = [];

    /// <summary>Makes the value of what was given; what is wrong with it is added to <paramref name="errors"/>.</summary>
    public abstract void Read(List<string> errors);

    /// <summary>That of its names which <paramref name="word"/> is; else null.</summary>
    public string? NameOf(ReadOnlySpan<char> word)
    {
        if (word.SequenceEqual(name))
        {
            return name;
        }

        foreach (string alias in aliases)
        {
            if (word.SequenceEqual(alias))
            {
                return alias;
            }
        }

        return null;
    }
}
