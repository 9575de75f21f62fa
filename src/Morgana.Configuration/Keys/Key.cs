using System.Collections.Concurrent;
using System.Globalization;
using Morgana.Configuration.Graph;

namespace Morgana.Configuration;

/// <summary>
/// Something decided when the unikernel is configured: <c>morgana configure --name value</c>. Choices in the graph hang
/// on keys (<see cref="Devices.If"/>, <see cref="Devices.Match"/>), and the generated class <c>Morgana.Generated.Keys</c>
/// holds their values. What is decided when the image starts is a <see cref="BootArgument{T}"/> instead.
/// </summary>
public abstract class Key
{
    private static readonly ConcurrentQueue<KeyShape> MadeSoFar = [];

    private protected Key(KeyShape shape)
    {
        NameRules.CheckOption(shape.Name, "key");
        Shape = shape;
        MadeSoFar.Enqueue(shape);
    }

    /// <summary>All keys that this process has made: config.cs is a process of its own, and means each key that it makes.</summary>
    internal static IReadOnlyCollection<KeyShape> Made => MadeSoFar;

    /// <summary>The key as data.</summary>
    internal KeyShape Shape { get; }

    /// <summary>
    /// The target that the image is made for: <c>-t</c>. With several targets a choice that hangs on it is made when the image
    /// starts, and <c>Morgana.Generated.Keys.Target</c> is the one that it runs on.
    /// </summary>
    public static Key<Target> Target { get; } =
        new(
            new KeyShape
            {
                Name = "target",
                Kind = KeyKind.Target,
                Help = "the kind of machine that the image is made for",
                Default = Configuration.Target.Spt.Name,
            },
            target => target.Name
        );

    /// <summary>A key that is true or false: <c>--name</c>, <c>--name=false</c>.</summary>
    /// <param name="name">Lower-case letters, digits and hyphens.</param>
    /// <param name="help">What it decides, for <c>morgana configure --help</c>.</param>
    /// <param name="byDefault">Its value when it is not given.</param>
    public static FlagKey Flag(string name, string help, bool byDefault = false) =>
        new(
            new KeyShape
            {
                Name = name,
                Kind = KeyKind.Flag,
                Help = help,
                Default = byDefault ? "true" : "false",
            }
        );

    /// <summary>A key that is a whole number: <c>--name 8</c>.</summary>
    /// <param name="name">Lower-case letters, digits and hyphens.</param>
    /// <param name="help">What it decides, for <c>morgana configure --help</c>.</param>
    /// <param name="byDefault">Its value when it is not given.</param>
    public static Key<long> Number(string name, string help, long byDefault) =>
        new(
            new KeyShape
            {
                Name = name,
                Kind = KeyKind.Number,
                Help = help,
                Default = byDefault.ToString(CultureInfo.InvariantCulture),
            },
            value => value.ToString(CultureInfo.InvariantCulture)
        );

    /// <summary>A key that is any text: <c>--name value</c>.</summary>
    /// <param name="name">Lower-case letters, digits and hyphens.</param>
    /// <param name="help">What it decides, for <c>morgana configure --help</c>.</param>
    /// <param name="byDefault">Its value when it is not given.</param>
    public static Key<string> Text(string name, string help, string byDefault) =>
        new(
            new KeyShape
            {
                Name = name,
                Kind = KeyKind.Text,
                Help = help,
                Default = byDefault,
            },
            value => value
        );

    /// <summary>A key that is one of a few words: <c>--name word</c>. The first word is the default.</summary>
    /// <param name="name">Lower-case letters, digits and hyphens.</param>
    /// <param name="help">What it decides, for <c>morgana configure --help</c>.</param>
    /// <param name="choices">The words, at least one.</param>
    public static Key<string> OneOf(string name, string help, params string[] choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        if (choices.Length == 0 || choices.Distinct().Count() != choices.Length)
        {
            throw new ConfigurationException(
                $"The key '{name}' must have at least one choice, and no choice twice."
            );
        }

        return new(
            new KeyShape
            {
                Name = name,
                Kind = KeyKind.OneOf,
                Help = help,
                Default = choices[0],
                Choices = choices,
            },
            value =>
                choices.Contains(value)
                    ? value
                    : throw new ConfigurationException(
                        $"The key '{name}' is never '{value}': it is one of {string.Join(", ", choices)}."
                    )
        );
    }
}
