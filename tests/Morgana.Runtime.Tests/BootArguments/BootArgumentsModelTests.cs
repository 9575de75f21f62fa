using System.Text;
using CsCheck;

namespace Morgana.Runtime.Tests;

/// <summary>The parser beside System.CommandLine, whose rules and messages it keeps.</summary>
public class BootArgumentsModelTests
{
    private static readonly Gen<string> Word = Gen.OneOf(
        Gen.OneOf(
            "--mac",
            "--port",
            "-p",
            "--zone",
            "-z",
            "--loud",
            "-l",
            "-q",
            "--",
            "-",
            "=",
            "",
            "x",
            "@x",
            "[x]",
            "--help",
            "-h",
            "-?"
        ),
        Gen.OneOf("--port=1", "--port:2", "--port=", "--mac=02:00:5e:10:00:01", "--zone=a"),
        Gen.OneOf("-p1", "-p=1", "-p:", "-pl", "-lp", "-lp1", "-lq", "-lqz", "-lx", "-lz=a", "-zh"),
        Gen.OneOf("--loud=true", "--port1", "--", "--=", "--x=1", "-x", "-x=1", "-lh", "1", "2"),
        Gen.Select(
            Gen.OneOf("", "-", "--", "-p", "--zone", "--zone="),
            Gen.OneOf(Gen.String[Gen.Char["-=:plzq1x ?h"], 0, 5], Gen.String),
            (start, rest) => start + rest
        )
    );

    [Fact]
    public void Whatever_is_given_the_outcome_is_that_of_System_CommandLine() =>
        Word.Array[0, 6]
            // There a first word in brackets is a directive, and one that nobody knows is passed over without a word.
            .Where(words => words is not [['[', ..], ..])
            // There the error names half of such a word.
            .Where(words => !words.Any(word => word is ['-', '=' or ':', _, ..]))
            .Sample(
                words =>
                {
                    (string ours, string theirs) = (Ours(words), Theirs(words));
                    return ours == theirs
                        ? true
                        : throw new InvalidOperationException(
                            $"[{string.Join("|", words)}]\n{ours}\n-- but System.CommandLine --\n{theirs}"
                        );
                },
                iter: 20_000
            );

    [Theory]
    [InlineData("--help")]
    public void Help_is_laid_out_as_that_of_System_CommandLine(string help) =>
        Assert.Equal(Theirs([help]), Ours([help]));

    private static string Ours(string[] words)
    {
        BootArguments arguments = new("app", Description);
        BootArgument<MacAddress> mac = arguments.Required<MacAddress>("--mac", null, "Which.");
        BootArgument<int> port = arguments.WithDefault<int>("--port", "-p", LongHelp, "53");
        BootArgument<string?> text = arguments.Optional<string>("--text", "-t", "Some text.");
        BootArgument<IReadOnlyList<string>> zones = arguments.Repeated<string>("--zone", "-z", "Z");
        BootArgument<bool> loud = arguments.Flag("--loud", "-l", "Loud.");
        BootArgument<bool> quick = arguments.Flag("--quick-and-perhaps-with-a-long-name", "-q", "");
        using MemoryStream console = new();
        int? exit = arguments.Read(words, console);
        return Outcome(
            exit,
            console,
            () =>
                $"{mac.Value} {port.Value} {text.Value} {string.Join('|', zones.Value)} {loud.Value} {quick.Value}"
        );
    }

    private static string Theirs(string[] words)
    {
        SystemCommandLineModel arguments = new("app", Description);
        Func<MacAddress> mac = arguments.Required<MacAddress>("--mac", null, "Which.");
        Func<int> port = arguments.WithDefault<int>("--port", "-p", LongHelp, "53");
        Func<string?> text = arguments.Optional<string>("--text", "-t", "Some text.");
        Func<IReadOnlyList<string>> zones = arguments.Repeated<string>("--zone", "-z", "Z");
        Func<bool> loud = arguments.Flag("--loud", "-l", "Loud.");
        Func<bool> quick = arguments.Flag("--quick-and-perhaps-with-a-long-name", "-q", "");
        using MemoryStream console = new();
        int? exit = arguments.Read(words, console);
        return Outcome(
            exit,
            console,
            () => $"{mac()} {port()} {text()} {string.Join('|', zones())} {loud()} {quick()}"
        );
    }

    private const string Description =
        "Does what is described here at a length that does not fit on one line of the console, and so is wrapped.";

    private const string LongHelp =
        "which port; a text of such a length that it has to be wrapped between its words, more than once if there is room for it";

    private static string Outcome(int? exit, MemoryStream console, Func<string> values)
    {
        // Spaces at the ends of lines are nobody's.
        string printed = string.Join(
            '\n',
            Encoding.UTF8.GetString(console.ToArray()).Split('\n').Select(l => l.TrimEnd())
        );
        return exit is null ? values() : $"{exit} {printed}";
    }
}
