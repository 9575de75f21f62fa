using System.Text;

namespace Morgana.Runtime;

/// <summary>
/// The boot arguments of an image, read from what the tender was given after the image's name: typed values, defaults,
/// <c>--help</c>, and errors that say what to write instead. The generated Main declares one for each boot argument
/// of config.cs, then calls <see cref="Read"/>, then takes the values.
/// </summary>
/// <remarks>
/// A tender joins the arguments with spaces into one command line, and the image takes it apart again as a shell does (native/start/main.c):
/// quotes ' and " keep spaces within one argument, and a backslash takes the next character as it is. So a value with a space
/// in it needs quotes that reach the image: <c>morgana spt hello.spt '--text="two words"'</c>.
/// <para>No library reads them: System.CommandLine, which the tool itself uses, made half of the resolver's native code, and
/// half of the time that its compilation takes (docs/native-compile.md). Its rules and messages are kept; the tests compare with it.</para>
/// </remarks>
public sealed class BootArguments
{
    private readonly string _name;
    private readonly string _description;
    private readonly List<BootOption> _options = [];

    /// <summary>The arguments of an image.</summary>
    /// <param name="name">Its name, for the usage text.</param>
    /// <param name="description">What it is in a sentence; may be empty.</param>
    public BootArguments(string name, string description)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(description);
        _name = name;
        _description = description;
    }

    internal bool AreRead { get; private set; }

    /// <summary>Declares an argument that must be given.</summary>
    /// <param name="name">With its hyphens: --ipv4.</param>
    /// <param name="alias">The short form with its hyphen, or null.</param>
    /// <param name="help">What it says.</param>
    public BootArgument<T> Required<T>(string name, string? alias, string help)
        where T : ISpanParsable<T> => Declare<T>(name, alias, help, required: true, null);

    /// <summary>Declares an argument that need not be given.</summary>
    /// <param name="name">With its hyphens: --logs.</param>
    /// <param name="alias">The short form with its hyphen, or null.</param>
    /// <param name="help">What it says.</param>
    /// <param name="byDefault">The text that stands for it when it is not given. One that is not a value (config.cs has a mistake)
    /// is a <see cref="FormatException"/> of <see cref="Read"/>.</param>
    public BootArgument<T> WithDefault<T>(string name, string? alias, string help, string byDefault)
        where T : ISpanParsable<T> => Declare<T>(name, alias, help, required: false, byDefault);

    /// <summary>Declares an argument that need not be given; its value is then the default of its type.</summary>
    /// <param name="name">With its hyphens: --ipv4-gateway.</param>
    /// <param name="alias">The short form with its hyphen, or null.</param>
    /// <param name="help">What it says.</param>
    public BootArgument<T?> Optional<T>(string name, string? alias, string help)
        where T : ISpanParsable<T> => Declare<T>(name, alias, help, required: false, null)!;

    /// <summary>Declares an argument that may be given any number of times.</summary>
    /// <param name="name">With its hyphens: --zone.</param>
    /// <param name="alias">The short form with its hyphen, or null.</param>
    /// <param name="help">What it says.</param>
    public BootArgument<IReadOnlyList<T>> Repeated<T>(string name, string? alias, string help)
        where T : ISpanParsable<T>
    {
        BootArgument<IReadOnlyList<T>> argument = new(this, name);
        _options.Add(
            new BootValues<T>(name, Aliases(alias), help, argument)
            {
                ValueName = ValueName<T>(),
                IsRepeatable = true,
            }
        );
        return argument;
    }

    /// <summary>Declares an argument without a value, true when it is given.</summary>
    /// <param name="name">With its hyphens: --verbose.</param>
    /// <param name="alias">The short form with its hyphen, or null.</param>
    /// <param name="help">What it says.</param>
    public BootArgument<bool> Flag(string name, string? alias, string help)
    {
        BootArgument<bool> argument = new(this, name);
        _options.Add(new BootFlag(name, Aliases(alias), help, argument));
        return argument;
    }

    /// <summary>Reads the arguments that the image was given.</summary>
    /// <param name="arguments">One element an argument.</param>
    /// <param name="console">Where the usage text or the errors go.</param>
    /// <returns>Null when the unikernel is to start, and only then the values are known; else the exit code that the image is
    /// to end with: 0 after <c>--help</c>, <see cref="BootExitCode.Usage"/> after an error.</returns>
    public int? Read(IReadOnlyList<string> arguments, Stream console)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(console);
        BootFlag help = new(
            "--help",
            ["-?", "-h"],
            "say what the image understands, and end",
            new BootArgument<bool>(this, "--help")
        );
        BootCommandLine line = new([.. _options, help]);
        line.Take(arguments);
        if (help.GivenAs is not null)
        {
            console.Write(
                Encoding.UTF8.GetBytes(BootUsage.Print(_name, _description, [.. _options, help]))
            );
            return 0;
        }

        List<string> errors = [];
        foreach (string stray in line.Strays)
        {
            Add($"Unrecognized command or argument '{stray}'.", errors);
        }

        foreach (BootOption option in _options)
        {
            Check(option, errors);
        }

        if (errors.Count == 0)
        {
            AreRead = true;
            return null;
        }

        return Refuse(errors, console);
    }

    /// <summary>Refuses values that are each right but do not fit together.</summary>
    /// <param name="refusal">What a device that was made from them has thrown.</param>
    /// <param name="console">Where its message goes.</param>
    /// <returns><see cref="BootExitCode.Usage"/>.</returns>
    public int Refuse(ArgumentException refusal, Stream console)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        ArgumentNullException.ThrowIfNull(console);
        // The name of a constructor's parameter says nothing to whoever started the image.
        string message = refusal.Message;
        int parameter = refusal.ParamName is null
            ? -1
            : message.LastIndexOf($" (Parameter '{refusal.ParamName}')", StringComparison.Ordinal);
        return Refuse([parameter < 0 ? message : message[..parameter]], console);
    }

    private int Refuse(List<string> messages, Stream console)
    {
        StringBuilder text = new();
        foreach (string message in messages)
        {
            text.Append(_name).Append(": ").Append(message).Append('\n');
        }

        text.Append(_name).Append(": start it with --help to see what it understands.\n");
        console.Write(Encoding.UTF8.GetBytes(text.ToString()));
        return BootExitCode.Usage;
    }

    /// <summary>How often an argument was given comes before what was given.</summary>
    private static void Check(BootOption option, List<string> errors)
    {
        if (option.GivenAs is null && option.IsRequired)
        {
            Add($"Option '{option.Name}' is required.", errors);
        }
        else if (option.GivenAs is not null && option.Given.Count == 0 && option.WantsValue)
        {
            Add($"Required argument missing for option: '{option.GivenAs}'.", errors);
        }
        else if (option.Given.Count > 1 && !option.IsRepeatable)
        {
            Add(
                $"Option '{option.GivenAs}' expects a single argument but {option.Given.Count} were provided.",
                errors
            );
        }
        else
        {
            option.Read(errors);
        }
    }

    private static void Add(string error, List<string> errors)
    {
        if (!errors.Contains(error))
        {
            errors.Add(error);
        }
    }

    private static string ValueName<T>() =>
        typeof(T) == typeof(string) ? "text"
        : typeof(T).IsPrimitive ? "number"
        : typeof(T).Name;

    private static string[] Aliases(string? alias) => alias is null ? [] : [alias];

    private BootArgument<T> Declare<T>(
        string name,
        string? alias,
        string help,
        bool required,
        string? byDefault
    )
        where T : ISpanParsable<T>
    {
        BootArgument<T> argument = new(this, name);
        _options.Add(
            new BootValue<T>(name, Aliases(alias), help, argument)
            {
                ValueName = ValueName<T>(),
                IsRequired = required,
                DefaultText = byDefault,
            }
        );
        return argument;
    }
}
