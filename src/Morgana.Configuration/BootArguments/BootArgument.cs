using Morgana.Configuration.Graph;

namespace Morgana.Configuration;

/// <summary>Makes boot arguments: values given to the image when it starts, as in <c>--ipv4=10.0.0.2/24</c>.</summary>
public static class BootArgument
{
    /// <summary>An argument that must be given.</summary>
    /// <typeparam name="T">A type with <c>ISpanParsable</c>, or the stand-in of one.</typeparam>
    /// <param name="name">Lower-case letters, digits and hyphens.</param>
    /// <param name="help">What it says, for the image's <c>--help</c>.</param>
    /// <param name="alias">A letter for the short form, as in -l; none when null.</param>
    public static BootArgument<T> Required<T>(string name, string help, char? alias = null) =>
        new(Shape<T>(name, help, alias, ArgumentKind.Required, null));

    /// <summary>An argument that need not be given.</summary>
    /// <typeparam name="T">A type with <c>ISpanParsable</c>, or the stand-in of one.</typeparam>
    /// <param name="name">Lower-case letters, digits and hyphens.</param>
    /// <param name="byDefault">The text that stands for it when it is not given; it is parsed as given text is.</param>
    /// <param name="help">What it says, for the image's <c>--help</c>.</param>
    /// <param name="alias">A letter for the short form, as in -l; none when null.</param>
    public static BootArgument<T> WithDefault<T>(
        string name,
        string byDefault,
        string help,
        char? alias = null
    ) => new(Shape<T>(name, help, alias, ArgumentKind.WithDefault, byDefault));

    /// <summary>An argument that need not be given: then it has the default value of its type (null, zero, no address).</summary>
    /// <typeparam name="T">A type with <c>ISpanParsable</c>, or the stand-in of one.</typeparam>
    /// <param name="name">Lower-case letters, digits and hyphens.</param>
    /// <param name="help">What it says, for the image's <c>--help</c>.</param>
    /// <param name="alias">A letter for the short form, as in -l; none when null.</param>
    public static BootArgument<T> Optional<T>(string name, string help, char? alias = null) =>
        new(Shape<T>(name, help, alias, ArgumentKind.Optional, null));

    /// <summary>An argument that may be given any number of times.</summary>
    /// <typeparam name="T">A type with <c>ISpanParsable</c>, or the stand-in of one.</typeparam>
    /// <param name="name">Lower-case letters, digits and hyphens.</param>
    /// <param name="help">What it says, for the image's <c>--help</c>.</param>
    /// <param name="alias">A letter for the short form, as in -l; none when null.</param>
    public static BootArgument<IReadOnlyList<T>> Repeated<T>(
        string name,
        string help,
        char? alias = null
    ) => new(Shape<T>(name, help, alias, ArgumentKind.Repeated, null));

    /// <summary>An argument without a value: true when it is given.</summary>
    /// <param name="name">Lower-case letters, digits and hyphens.</param>
    /// <param name="help">What it says, for the image's <c>--help</c>.</param>
    /// <param name="alias">A letter for the short form, as in -l; none when null.</param>
    public static BootArgument<bool> Flag(string name, string help, char? alias = null) =>
        new(Shape<bool>(name, help, alias, ArgumentKind.Flag, null));

    private static ArgumentShape Shape<T>(
        string name,
        string help,
        char? alias,
        ArgumentKind kind,
        string? byDefault
    )
    {
        NameRules.CheckOption(name, "boot argument");
        if (name == "help")
        {
            throw new ConfigurationException(
                "No boot argument can be called 'help': every image has its own --help."
            );
        }

        if (alias is not null and not (>= 'a' and <= 'z' or >= 'A' and <= 'Z') or 'h')
        {
            throw new ConfigurationException(
                $"The short form of the boot argument '{name}' must be a letter, and not h, which is for help."
            );
        }

        return new ArgumentShape
        {
            Name = name,
            Kind = kind,
            Type = TypeName.Of<T>(),
            Help = help,
            Alias = alias,
            Default = byDefault,
        };
    }
}
