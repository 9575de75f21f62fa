using System.CommandLine;
using System.CommandLine.Help;
using Morgana.Cli.Commands;
using Morgana.Cli.Output;
using Morgana.Cli.Run;
using Morgana.Elf;
using Morgana.Tender.Hvt;
using Morgana.Tender.Spt;

namespace Morgana.Cli;

/// <summary>The command line of the tool.</summary>
internal static class Application
{
    /// <summary>Runs one command line.</summary>
    /// <param name="args">What follows <c>morgana</c>.</param>
    /// <param name="terminal">Where it speaks.</param>
    /// <returns>The exit code, see <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(string[] args, Terminal terminal)
    {
        try
        {
            string directory = Environment.CurrentDirectory;
            bool moved = false;
            while (TakeDirectory(ref args, out string? given))
            {
                moved = true;
                directory = Path.GetFullPath(given!, directory);
                if (!Directory.Exists(directory))
                {
                    throw new CommandException(
                        ExitCode.Usage,
                        $"-C {given}: there is no such folder."
                    );
                }
            }

            // These look at the process's own folder; the others are told theirs.
            if (moved && args is ["spt" or "hvt" or "elf" or "run", ..])
            {
                Environment.CurrentDirectory = directory;
            }

            // These have command lines of other programs: nothing of ours may touch them.
            if (args is ["spt", .. string[] tenderArguments])
            {
                return SptTender.Run(tenderArguments, terminal.Error);
            }

            if (args is ["hvt", .. string[] hvtArguments])
            {
                return HvtTender.Run(hvtArguments, terminal.Error);
            }

            if (args is ["elf", .. string[] elfArguments])
            {
                return ElfCommand.Run(elfArguments, terminal.Out, terminal.Error);
            }

            return await ParseAsync(args, terminal, directory).ConfigureAwait(false);
        }
        catch (CommandException exception)
        {
            await terminal
                .Error.WriteAsync($"morgana: {exception.Message}\n")
                .ConfigureAwait(false);
            return exception.ExitCode;
        }
        catch (OperationCanceledException)
        {
            await terminal.Error.WriteAsync("morgana: stopped.\n").ConfigureAwait(false);
            return ExitCode.Stopped;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await terminal
                .Error.WriteAsync(
                    $"morgana: {exception.Message.TrimEnd('.')}. Make that place writable, or free space on its disk, and try again.\n"
                )
                .ConfigureAwait(false);
            return ExitCode.Failed;
        }
    }

    private static async Task<int> ParseAsync(string[] args, Terminal terminal, string directory)
    {
        RootCommand root = new(
            "Turns a C# program and a typed description of its devices into a unikernel image."
        )
        {
            // Only for the help text: TakeDirectory has taken it away before the parser comes.
            new Option<string>("--directory", "-C")
            {
                Description = "do everything in this folder",
                HelpName = "DIR",
            },
            new ConfigureCommand(terminal, directory),
            DependsCommand.Create(terminal, directory),
            ContextsCommand.Create(terminal, directory),
            BuildCommand.Create(terminal, directory),
            RunCommand.Create(),
            new DescribeCommand(terminal, directory),
            QueryCommand.Create(terminal, directory),
            CleanCommand.Create(terminal, directory),
            ImageCommand.Create(terminal, directory),
            new Command("spt", "The bare spt tender, with the command line of solo5-spt."),
            new Command("hvt", "The bare hvt tender, with the command line of solo5-hvt."),
            new Command("elf", "Manifest and ABI notes, with the command line of solo5-elftool."),
        };
        foreach (HelpOption help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExitCodes((HelpAction)help.Action!);
        }

        root.SetAction(_ =>
        {
            terminal.Error.Write("morgana: name a command; morgana --help lists them.\n");
            return ExitCode.Usage;
        });
        ParserConfiguration parser = new() { ResponseFileTokenReplacer = null };
        ParseResult result = root.Parse(args, parser);
        if (result.CommandResult.Command is KeyedCommand keyed)
        {
            if (result.Action is HelpWithExitCodes)
            {
                await TryLoadAsync(keyed, result, terminal).ConfigureAwait(false);
            }
            else
            {
                RefuseErrors(result, root);
                await keyed.LoadAsync(result, CancellationToken.None).ConfigureAwait(false);
            }

            result = root.Parse(args, parser);
        }

        if (result.Action is not HelpWithExitCodes)
        {
            RefuseErrors(result, root);
        }

        InvocationConfiguration invocation = new()
        {
            Output = terminal.Out,
            Error = terminal.Error,
            EnableDefaultExceptionHandler = false,
        };
        // `run` passes signals on to its image and returns what that makes of them: a handler beside its own would win now and then.
        if (result.CommandResult.Command.Name == "run")
        {
            invocation.ProcessTerminationTimeout = null;
        }

        return await result.InvokeAsync(invocation).ConfigureAwait(false);
    }

    /// <summary>Help is there without config.cs as well; with it, the keys are listed.</summary>
    private static async Task TryLoadAsync(
        KeyedCommand command,
        ParseResult result,
        Terminal terminal
    )
    {
        try
        {
            await command.LoadAsync(result, CancellationToken.None).ConfigureAwait(false);
        }
        catch (CommandException exception) when (exception.ExitCode == ExitCode.Usage)
        {
            await terminal
                .Error.WriteAsync(
                    "(In the folder of a unikernel, its keys are listed among the options.)\n"
                )
                .ConfigureAwait(false);
        }
        catch (CommandException exception)
        {
            await terminal
                .Error.WriteAsync(
                    $"(The keys of this unikernel cannot be listed: {exception.Message})\n"
                )
                .ConfigureAwait(false);
        }
    }

    private static void RefuseErrors(ParseResult result, RootCommand root)
    {
        if (result.Errors.Count > 0)
        {
            Command command = result.CommandResult.Command;
            throw new CommandException(
                ExitCode.Usage,
                string.Join("\nmorgana: ", result.Errors.Select(e => e.Message).Distinct())
                    + $"\nSee morgana {(command == root ? "" : command.Name + " ")}--help."
            );
        }
    }

    /// <summary>Takes a leading -C DIR, as git and make have it.</summary>
    private static bool TakeDirectory(ref string[] args, out string? directory)
    {
        int taken;
        (directory, taken) = args switch
        {
            ["-C" or "--directory", string next, ..] => (next, 2),
            [string one, ..] when one.StartsWith("--directory=", StringComparison.Ordinal) => (
                one["--directory=".Length..],
                1
            ),
            _ => (null, 0),
        };
        args = args[taken..];
        return taken > 0;
    }
}
