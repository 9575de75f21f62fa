namespace Morgana.Configuration.Generation;

/// <summary>The architectures that images are built for, in a fixed order.</summary>
internal sealed record Architectures
{
    private static readonly string[] Known = ["x64", "arm64"];

    private Architectures(string[] names) => Names = names;

    /// <summary>What is built for when nothing is said: x64.</summary>
    public static Architectures Default { get; } = new([Known[0]]);

    /// <summary>Their names, as .NET has them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>True for x64 alone: then images are named without it.</summary>
    public bool IsDefault => Names is ["x64"];

    /// <summary>Reads a list such as <c>x64,arm64</c>; the order and repetitions do not matter.</summary>
    /// <exception cref="ConfigurationException">An architecture that is not known, or none at all.</exception>
    public static Architectures Parse(string text)
    {
        string[] given = text.Split(
            ',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        if (given.FirstOrDefault(name => !Known.Contains(name)) is string unknown)
        {
            throw new ConfigurationException(
                $"There is no architecture '{unknown}': it is {string.Join(" or ", Known)}, or several with commas between."
            );
        }

        return given.Length > 0
            ? new Architectures([.. Known.Where(name => given.Contains(name))])
            : throw new ConfigurationException(
                $"No architecture is given: name {string.Join(" or ", Known)}, or several with commas between."
            );
    }
}
