using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
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
/// </remarks>
public sealed class BootArguments
{
    private readonly Command _command;

    /// <summary>The arguments of an image.</summary>
    /// <param name="name">Its name, for the usage text.</param>
    /// <param name="description">What it is in a sentence; may be empty.</param>
    public BootArguments(string name, string description)
    {
        _command = new Command(name, description)
        {
            // The console of an image has no width to ask for.
            new HelpOption("--help", "-h", "-?")
            {
                Description = "say what the image understands, and end",
                Action = new HelpAction { MaxWidth = 100 },
            },
        };
        // Without an action of its own the command would complain that it needs a subcommand.
        _command.SetAction(static _ => 0);
    }

    internal ParseResult? Parsed { get; private set; }

    /// <summary>Declares an argument that must be given.</summary>
    /// <param name="name">With its hyphens: --ipv4.</param>
    /// <param name="alias">The short form with its hyphen, or null.</param>
    /// <param name="help">What it says.</param>
    public BootArgument<T> Required<T>(string name, string? alias, string help)
        where T : ISpanParsable<T>
    {
        Option<T> option = Declare<T>(name, alias, help);
        option.Required = true;
        return new BootArgument<T>(this, option);
    }

    /// <summary>Declares an argument that need not be given.</summary>
    /// <param name="name">With its hyphens: --logs.</param>
    /// <param name="alias">The short form with its hyphen, or null.</param>
    /// <param name="help">What it says.</param>
    /// <param name="byDefault">The text that stands for it when it is not given.</param>
    /// <exception cref="FormatException"><paramref name="byDefault"/> is not a value: config.cs has a mistake.</exception>
    public BootArgument<T> WithDefault<T>(string name, string? alias, string help, string byDefault)
        where T : ISpanParsable<T>
    {
        Option<T> option = Declare<T>(name, alias, help);
        option.DefaultValueFactory = _ => T.Parse(byDefault, CultureInfo.InvariantCulture);
        return new BootArgument<T>(this, option);
    }

    /// <summary>Declares an argument that need not be given; its value is then the default of its type.</summary>
    /// <param name="name">With its hyphens: --ipv4-gateway.</param>
    /// <param name="alias">The short form with its hyphen, or null.</param>
    /// <param name="help">What it says.</param>
    public BootArgument<T?> Optional<T>(string name, string? alias, string help)
        where T : ISpanParsable<T> => new(this, Declare<T>(name, alias, help)!);

    /// <summary>Declares an argument that may be given any number of times.</summary>
    /// <param name="name">With its hyphens: --zone.</param>
    /// <param name="alias">The short form with its hyphen, or null.</param>
    /// <param name="help">What it says.</param>
    public BootArgument<IReadOnlyList<T>> Repeated<T>(string name, string? alias, string help)
        where T : ISpanParsable<T>
    {
        Option<IReadOnlyList<T>> option = Add(
            new Option<IReadOnlyList<T>>(name, Aliases(alias))
            {
                Description = $"{help} [may be repeated]",
                HelpName = ValueName<T>(),
                Arity = ArgumentArity.ZeroOrMore,
                DefaultValueFactory = _ => [],
                CustomParser = result => ParseAll<T>(result, name),
            }
        );
        return new BootArgument<IReadOnlyList<T>>(this, option);
    }

    /// <summary>Declares an argument without a value, true when it is given.</summary>
    /// <param name="name">With its hyphens: --verbose.</param>
    /// <param name="alias">The short form with its hyphen, or null.</param>
    /// <param name="help">What it says.</param>
    public BootArgument<bool> Flag(string name, string? alias, string help) =>
        new(
            this,
            Add(
                new Option<bool>(name, Aliases(alias))
                {
                    Description = help,
                    Arity = ArgumentArity.Zero,
                }
            )
        );

    /// <summary>Reads the arguments that the image was given.</summary>
    /// <param name="arguments">One element an argument.</param>
    /// <param name="console">Where the usage text or the errors go.</param>
    /// <returns>Null when the unikernel is to start, and only then the values are known; else the exit code that the image is
    /// to end with: 0 after <c>--help</c>, <see cref="BootExitCode.Usage"/> after an error.</returns>
    public int? Read(IReadOnlyList<string> arguments, Stream console)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        ArgumentNullException.ThrowIfNull(console);
        // No response files: @ is an ordinary character, and there are no files.
        ParseResult result = _command.Parse(
            arguments,
            new ParserConfiguration { ResponseFileTokenReplacer = null }
        );
        if (result.Action is HelpAction help)
        {
            using StreamWriter output = Writer(console);
            // The action alone, not result.Invoke: that would bring in the handling of signals and of processes,
            // which an image has no use for.
            result.InvocationConfiguration.Output = output;
            _ = help.Invoke(result);
            return 0;
        }

        if (result.Errors.Count == 0 && result.UnmatchedTokens.Count == 0)
        {
            Parsed = result;
            return null;
        }

        return Refuse(result.Errors.Select(e => e.Message).Distinct(), console);
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

    private int Refuse(IEnumerable<string> messages, Stream console)
    {
        using StreamWriter errors = Writer(console);
        foreach (string message in messages)
        {
            errors.Write($"{_command.Name}: {message}\n");
        }

        errors.Write($"{_command.Name}: start it with --help to see what it understands.\n");
        return BootExitCode.Usage;
    }

    private static StreamWriter Writer(Stream console) =>
        new(console, new UTF8Encoding(false), 1024, leaveOpen: true) { NewLine = "\n" };

    private static string ValueName<T>() =>
        typeof(T) == typeof(string) ? "text"
        : typeof(T).IsPrimitive ? "number"
        : typeof(T).Name;

    private static string[] Aliases(string? alias) => alias is null ? [] : [alias];

    private static List<T> ParseAll<T>(ArgumentResult result, string name)
        where T : ISpanParsable<T>
    {
        List<T> values = new(result.Tokens.Count);
        foreach (Token token in result.Tokens)
        {
            if (TryParse(token.Value, name, out T? value, out string? error))
            {
                values.Add(value!);
            }
            else
            {
                result.AddError(error!);
            }
        }

        return values;
    }

    private static bool TryParse<T>(string text, string name, out T? value, out string? error)
        where T : ISpanParsable<T>
    {
        try
        {
            // Parse and not TryParse: the type's own message says what a value looks like.
            value = T.Parse(text.AsSpan(), CultureInfo.InvariantCulture);
            error = null;
            return true;
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            value = default;
            error = $"{name}={text}: {e.Message}";
            return false;
        }
    }

    private Option<T> Declare<T>(string name, string? alias, string help)
        where T : ISpanParsable<T> =>
        Add(
            new Option<T>(name, Aliases(alias))
            {
                Description = help,
                HelpName = ValueName<T>(),
                Arity = ArgumentArity.ExactlyOne,
                CustomParser = result =>
                {
                    if (
                        result.Tokens is [Token token]
                        && !TryParse(token.Value, name, out T? value, out string? error)
                    )
                    {
                        result.AddError(error!);
                        return value;
                    }

                    return result.Tokens is [Token good]
                        ? T.Parse(good.Value, CultureInfo.InvariantCulture)
                        : default;
                },
            }
        );

    private Option<T> Add<T>(Option<T> option)
    {
        _command.Options.Add(option);
        return option;
    }
}
