using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;

namespace Morgana.Runtime.Tests;

/// <summary>Boot arguments as System.CommandLine reads them: what <see cref="BootArguments"/> is compared with.</summary>
internal sealed class SystemCommandLineModel
{
    private readonly Command _command;

    public SystemCommandLineModel(string name, string description)
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

    public ParseResult? Parsed { get; private set; }

    public Func<T> Required<T>(string name, string? alias, string help)
        where T : ISpanParsable<T>
    {
        Option<T> option = Declare<T>(name, alias, help);
        option.Required = true;
        return () => Parsed!.GetValue(option)!;
    }

    public Func<T> WithDefault<T>(string name, string? alias, string help, string byDefault)
        where T : ISpanParsable<T>
    {
        Option<T> option = Declare<T>(name, alias, help);
        option.DefaultValueFactory = _ => T.Parse(byDefault, CultureInfo.InvariantCulture);
        return () => Parsed!.GetValue(option)!;
    }

    public Func<T?> Optional<T>(string name, string? alias, string help)
        where T : ISpanParsable<T>
    {
        Option<T> option = Declare<T>(name, alias, help);
        return () => Parsed!.GetValue(option);
    }

    public Func<IReadOnlyList<T>> Repeated<T>(string name, string? alias, string help)
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
        return () => Parsed!.GetValue(option)!;
    }

    public Func<bool> Flag(string name, string? alias, string help)
    {
        Option<bool> option = Add(
            new Option<bool>(name, Aliases(alias))
            {
                Description = help,
                Arity = ArgumentArity.Zero,
            }
        );
        return () => Parsed!.GetValue(option);
    }

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
