using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Morgana.Cli.Run.Images;
using Morgana.Cli.Run.Namespaces;
using Morgana.Cli.Run.Publishing;

namespace Morgana.Cli.Run;

/// <summary>The options of <c>morgana run</c> and what they say: words in, <see cref="RunOptions"/> out.</summary>
internal sealed class RunCommandLine
{
    private readonly Option<string?> image = new("--image")
    {
        Description = "The image to run; without it the only one in dist/.",
        HelpName = "PATH",
    };

    private readonly Option<string?> target = new("--target", "-t")
    {
        Description =
            "The target to run on; without it the first that the unikernel is configured for.",
        HelpName = "TARGET",
    };

    private readonly Option<bool> debug = new("--debug")
    {
        Description =
            "Build and run the program as ordinary .NET, to which a debugger can be attached (target unix).",
    };

    private readonly Option<int?> memory = new("--mem")
    {
        Description = "Memory of the unikernel in MB.",
        HelpName = "MB",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (
                int.TryParse(
                    text,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out int megabytes
                )
                && megabytes > 0
            )
            {
                return megabytes;
            }

            result.AddError($"--mem {text}: this is not a number of megabytes, 1 or more.");
            return null;
        },
    };

    private readonly Option<DeviceArgument[]> networks = Devices(
        "--net",
        "A network device of the image and the TAP to use for it (also --net:NAME=TAP; @FD is an open descriptor)."
    );

    private readonly Option<DeviceArgument[]> hardware = Devices(
        "--net-mac",
        "The hardware address of a network device."
    );

    private readonly Option<DeviceArgument[]> blocks = Devices(
        "--block",
        "A disk of the image and the file to use for it."
    );

    private readonly Option<DeviceArgument[]> sectors = Devices(
        "--block-sector-size",
        "The sector size of a disk in bytes."
    );

    private readonly Option<PublishedPort[]> ports = new("--publish", "-p")
    {
        Description =
            "Publish a port of the unikernel on the host: [HOSTIP:]HOSTPORT:PORT[/udp|/tcp]; without a protocol "
            + "it is TCP, host port 0 takes a free one.",
        HelpName = "PORTS",
        CustomParser = Many<PublishedPort>(
            (string text, out PublishedPort? port, out string? error) =>
                PublishedPort.TryParse(text, out port, out error)
        ),
    };

    private readonly Option<bool> internet = new("--internet")
    {
        Description =
            "Let the unikernel send UDP to the outside (its gateway translates addresses).",
    };

    private readonly Option<bool> isolated = new("--isolated")
    {
        Description =
            "Give this machine no route to the unikernel; only published ports and its namespace lead to it.",
    };

    private readonly Option<bool> json = new("--json")
    {
        Description = "Report on standard error as JSON, an event a line.",
    };

    private readonly Option<bool> show = new("--show-command", "-x")
    {
        Description = "Print the tender command.",
    };

    private readonly Option<string?> tender = new("--tender")
    {
        Description = "Another tender program.",
        HelpName = "PATH",
    };

    private readonly Option<int?> inside = new(UserNamespaceProcess.InsideOption) { Hidden = true };

    private readonly Argument<string[]> arguments = new("arguments")
    {
        Description = "The image's own arguments, after --.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>Makes the command, which does nothing yet.</summary>
    public RunCommandLine()
    {
        Command = new Command(
            "run",
            "Run an image in a private network that is made for it and removed afterwards. Exits with the image's code "
                + "(128+N when signal N ended it), or with 125 when the run is refused."
        )
        {
            image,
            target,
            debug,
            memory,
            networks,
            hardware,
            blocks,
            sectors,
            ports,
            internet,
            isolated,
            json,
            show,
            tender,
            inside,
            arguments,
        };
    }

    /// <summary>The command to add to a root command.</summary>
    public Command Command { get; }

    /// <summary>What a command line without parse errors asks for.</summary>
    /// <exception cref="RunException">Words stand where nothing is expected.</exception>
    public RunOptions Read(ParseResult parsed)
    {
        RunOptions options = new()
        {
            Image = parsed.GetValue(image),
            Target = parsed.GetValue(target),
            Debug = parsed.GetValue(debug),
            MemoryMegabytes = parsed.GetValue(memory),
            Tender = parsed.GetValue(tender),
            Networks = parsed.GetValue(networks) ?? [],
            HardwareAddresses = parsed.GetValue(hardware) ?? [],
            Blocks = parsed.GetValue(blocks) ?? [],
            SectorSizes = parsed.GetValue(sectors) ?? [],
            Ports = parsed.GetValue(ports) ?? [],
            Internet = parsed.GetValue(internet),
            Isolated = parsed.GetValue(isolated),
            Json = parsed.GetValue(json),
            ShowCommand = parsed.GetValue(show),
            InsideChannel = parsed.GetValue(inside),
            Arguments = parsed.GetValue(arguments) ?? [],
        };
        RefuseStrayWords(parsed, options.Arguments);
        return options;
    }

    /// <summary>The words after "run", split as the parser did: what a run without root starts itself again with.</summary>
    public static IReadOnlyList<string> Words(ParseResult parsed) =>
        [
            .. parsed
                .Tokens.SkipWhile(token => token.Type != TokenType.Command || token.Value != "run")
                .Skip(1)
                .Select(token => token.Value),
        ];

    /// <summary>The parser takes stray words for arguments; only those after "--" are the image's.</summary>
    private static void RefuseStrayWords(ParseResult parsed, IReadOnlyList<string> arguments)
    {
        int after = parsed
            .Tokens.Reverse()
            .TakeWhile(token => token.Type != TokenType.DoubleDash)
            .Count();
        bool separated = parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash);
        if (arguments.Count > (separated ? after : 0))
        {
            throw new RunException(
                $"'{arguments[0]}' is not understood. Arguments of the image stand after --; the image is named with "
                    + "--image PATH."
            );
        }
    }

    private static Option<DeviceArgument[]> Devices(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "NAME=VALUE",
            CustomParser = Many(
                static (string text, out DeviceArgument? device, out string? error) =>
                {
                    bool understood = DeviceArgument.TryParse(text, out device);
                    error = understood
                        ? null
                        : $"'{text}' is not of the form NAME=VALUE (for example service=tap0).";
                    return understood;
                }
            ),
        };

    private delegate bool Reading<T>(string text, out T? value, out string? error)
        where T : class;

    private static Func<ArgumentResult, T[]> Many<T>(Reading<T> read)
        where T : class =>
        result =>
        {
            List<T> values = [];
            foreach (Token token in result.Tokens)
            {
                if (read(token.Value, out T? value, out string? error))
                {
                    values.Add(value!);
                }
                else
                {
                    result.AddError(error!);
                }
            }

            return [.. values];
        };
}
