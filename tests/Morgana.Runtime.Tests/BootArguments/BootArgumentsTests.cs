using System.Globalization;
using System.Text;
using CsCheck;

namespace Morgana.Runtime.Tests;

public class BootArgumentsTests
{
    private readonly BootArguments _arguments = new("resolver", "Resolves.");
    private readonly MemoryStream _console = new();

    private string Printed => Encoding.UTF8.GetString(_console.ToArray());

    private int? Read(params string[] arguments) => _arguments.Read(arguments, _console);

    [Fact]
    public void Values_have_the_types_that_were_declared()
    {
        BootArgument<MacAddress> mac = _arguments.Required<MacAddress>(
            "--mac",
            null,
            "An address."
        );
        BootArgument<int> port = _arguments.WithDefault<int>("--port", "-p", "A port.", "53");
        BootArgument<TimeSpan> wait = _arguments.Optional<TimeSpan>("--wait", null, "A time.");
        BootArgument<IReadOnlyList<string>> zones = _arguments.Repeated<string>(
            "--zone",
            "-z",
            "A zone."
        );
        BootArgument<bool> loud = _arguments.Flag("--loud", null, "Loud.");
        Assert.Null(
            Read("--mac=02:00:5e:10:00:01", "-p", "5353", "--zone=a b", "-z", "c", "--loud")
        );
        Assert.Equal("02:00:5e:10:00:01", mac.Value.ToString());
        Assert.Equal(5353, port.Value);
        Assert.Equal(default, wait.Value);
        Assert.Equal(["a b", "c"], zones.Value);
        Assert.True(loud.Value);
        Assert.Empty(Printed);
    }

    [Fact]
    public void Defaults_hold_when_nothing_is_given()
    {
        BootArgument<int> port = _arguments.WithDefault<int>("--port", "-p", "A port.", "53");
        BootArgument<string?> name = _arguments.Optional<string>("--name", null, "A name.");
        BootArgument<IReadOnlyList<string>> zones = _arguments.Repeated<string>(
            "--zone",
            "-z",
            "A zone."
        );
        BootArgument<bool> loud = _arguments.Flag("--loud", null, "Loud.");
        Assert.Null(Read());
        Assert.Equal(53, port.Value);
        Assert.Null(name.Value);
        Assert.Empty(zones.Value);
        Assert.False(loud.Value);
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("-?")]
    public void Help_shows_every_argument_and_ends_with_0_even_when_others_are_wrong(string help)
    {
        _arguments.Required<MacAddress>("--mac", null, "Which address.");
        _arguments.WithDefault<int>("--port", "-p", "Which port.", "53");
        _arguments.Repeated<string>("--zone", null, "Which zones.");
        Assert.Equal(0, Read("--port=x", help));
        Assert.Contains("Resolves.", Printed, StringComparison.Ordinal);
        Assert.Contains("--mac <MacAddress> (REQUIRED)", Printed, StringComparison.Ordinal);
        Assert.Contains("-p, --port <number>", Printed, StringComparison.Ordinal);
        Assert.Contains("--zone <text>", Printed, StringComparison.Ordinal);
        Assert.Contains("[default: 53]", Printed, StringComparison.Ordinal);
        Assert.Contains("Which zones. [may be repeated]", Printed, StringComparison.Ordinal);
        Assert.DoesNotContain("[default: ]", Printed, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', Printed);
    }

    [Theory]
    [InlineData("'--mac' is required")]
    [InlineData("--mac=nonsense: 'nonsense' is not a hardware address", "--mac=nonsense")]
    [InlineData("missing for option: '--mac'", "--mac=")]
    [InlineData("'--mac'", "--mac")]
    [InlineData("--port=70000000000", "--mac=02:00:5e:10:00:01", "--port=70000000000")]
    [InlineData("'--unknown'", "--mac=02:00:5e:10:00:01", "--unknown")]
    [InlineData("'stray'", "--mac=02:00:5e:10:00:01", "stray")]
    [InlineData("'@file'", "--mac=02:00:5e:10:00:01", "@file")]
    [InlineData("--mac", "--mac=02:00:5e:10:00:01", "--mac=02:00:5e:10:00:02")]
    public void An_error_names_the_argument_and_ends_with_64(string part, params string[] arguments)
    {
        _arguments.Required<MacAddress>("--mac", null, "An address.");
        _arguments.WithDefault<int>("--port", "-p", "A port.", "53");
        Assert.Equal(BootExitCode.Usage, Read(arguments));
        Assert.Contains(part, Printed, StringComparison.Ordinal);
        Assert.All(
            Printed.TrimEnd('\n').Split('\n'),
            line => Assert.StartsWith("resolver: ", line, StringComparison.Ordinal)
        );
        Assert.EndsWith("--help to see what it understands.\n", Printed, StringComparison.Ordinal);
    }

    [Fact]
    public void All_errors_are_told_at_once()
    {
        _arguments.Required<MacAddress>("--mac", null, "An address.");
        _arguments.Repeated<int>("--number", null, "Numbers.");
        Assert.Equal(64, Read("--mac=x", "--number=a", "--number=1", "--number=b"));
        Assert.Contains("--mac=x", Printed, StringComparison.Ordinal);
        Assert.Contains("--number=a", Printed, StringComparison.Ordinal);
        Assert.Contains("--number=b", Printed, StringComparison.Ordinal);
        Assert.DoesNotContain("--number=1", Printed, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_device_refuses_is_told_without_the_name_of_its_parameter()
    {
        Assert.Equal(64, _arguments.Refuse(new ArgumentException("No way.", "gateway"), _console));
        Assert.Equal(64, _arguments.Refuse(new ArgumentException("Not so."), _console));
        Assert.StartsWith("resolver: No way.\nresolver: start", Printed, StringComparison.Ordinal);
        Assert.Contains("\nresolver: Not so.\n", Printed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_is_not_known_before_the_arguments_are_read_nor_after_an_error()
    {
        BootArgument<int> port = _arguments.WithDefault<int>("--port", "-p", "A port.", "53");
        Assert.Throws<InvalidOperationException>(() => port.Value);
        Assert.Equal(64, Read("--port=x"));
        Assert.Throws<InvalidOperationException>(() => port.Value);
    }

    [Fact]
    public void Numbers_do_not_depend_on_the_culture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        comma.NumberFormat.NumberDecimalSeparator = ",";
        comma.NumberFormat.NumberGroupSeparator = ".";
        CultureInfo.CurrentCulture = comma;
        try
        {
            BootArgument<double> share = _arguments.Required<double>("--share", null, "A share.");
            Assert.Null(Read("--share=0.5"));
            Assert.Equal(0.5, share.Value);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Whatever_is_given_gives_values_help_or_an_error_and_no_exception() =>
        Gen.OneOf(
                Gen.String,
                Gen.OneOf(
                    "--mac",
                    "--port",
                    "-p",
                    "--zone",
                    "--loud",
                    "-l",
                    "--",
                    "=",
                    "--help",
                    "@x",
                    "[x]",
                    "-",
                    "--port=1",
                    "-p1",
                    "--loud=true",
                    "-pl"
                ),
                Gen.Select(
                    Gen.OneOf("--mac=", "--port=", "--zone=", "-p="),
                    Gen.String,
                    (a, b) => a + b
                )
            )
            .Array[0, 6]
            .Sample(
                given =>
                {
                    BootArguments arguments = new("app", "");
                    _ = arguments.Optional<MacAddress>("--mac", null, "");
                    BootArgument<int> port = arguments.WithDefault<int>("--port", "-p", "", "53");
                    _ = arguments.Repeated<string>("--zone", null, "");
                    BootArgument<bool> loud = arguments.Flag("--loud", "-l", "");
                    using MemoryStream console = new();
                    int? exit = arguments.Read(given, console);
                    Assert.True(exit is null or 0 or 64);
                    Assert.Equal(exit is null, console.Length == 0);
                    if (exit is null)
                    {
                        _ = port.Value;
                        _ = loud.Value;
                    }
                },
                iter: 3000
            );
}
