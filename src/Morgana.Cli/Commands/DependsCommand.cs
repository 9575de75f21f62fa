using System.CommandLine;
using System.Text.Json.Nodes;
using Morgana.Cli.Dotnet;
using Morgana.Cli.Needs;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Commands;

/// <summary><c>morgana depends</c>.</summary>
internal static class DependsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal, string directory)
    {
        Option<string?> folder = CommonOptions.Folder();
        Option<bool> update = new("--update")
        {
            Description = "resolve the packages anew and rewrite the lock file",
        };
        Option<bool> verbose = CommonOptions.Verbose();
        Option<bool> json = CommonOptions.Json();
        Command command = new(
            "depends",
            "Restores exactly the packages that packages.NAME.lock.json names (and writes it the first time), and checks that the native tools are there."
        )
        {
            folder,
            update,
            verbose,
            json,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                UnikernelFolder unikernel = CommonOptions.Open(parsed, directory, folder);
                SavedContext context = unikernel.RequireCurrentContext();
                string project = unikernel.RequireProject(context.Name);
                string lockFile = UnikernelFolder.LockFile(project);
                IReadOnlyList<NativeTool> missing = NativeTools.Missing();
                if (missing.Count > 0)
                {
                    throw new CommandException(
                        ExitCode.Missing,
                        string.Join(
                            "\nmorgana: ",
                            missing.Select(tool => $"{tool.Name} is not there: {tool.Purpose}.")
                        )
                            + $"\nInstall: sudo apt-get install {string.Join(' ', missing.Select(t => t.Package).Distinct())}"
                    );
                }

                await RestoreAsync(
                        terminal,
                        unikernel,
                        project,
                        parsed.GetValue(update),
                        parsed.GetValue(verbose),
                        cancellation
                    )
                    .ConfigureAwait(false);
                if (parsed.GetValue(json))
                {
                    terminal.Json(
                        new JsonObject
                        {
                            ["lock"] = Path.GetFileName(lockFile),
                            ["packages"] = new JsonArray([
                                .. PackageLock.Read(lockFile).Select(package => (JsonNode)package),
                            ]),
                            ["tools"] = new JsonArray([
                                .. NativeTools.All.Select(tool => (JsonNode)tool.Name),
                            ]),
                        }
                    );
                    return ExitCode.Done;
                }

                int count = PackageLock.Read(lockFile).Count;
                terminal.Out.Write(
                    $"{context.Name}: {count} packages restored as {Path.GetFileName(lockFile)} names them; native tools found: {string.Join(", ", NativeTools.All.Select(t => t.Name))}.\n"
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static async Task RestoreAsync(
        Terminal terminal,
        UnikernelFolder unikernel,
        string project,
        bool update,
        bool verbose,
        CancellationToken cancellation
    )
    {
        string lockFile = UnikernelFolder.LockFile(project);
        string name = Path.GetFileName(lockFile);
        bool locked = File.Exists(lockFile) && !update;
        // The lock is a matter of this project alone. Properties given here would reach the projects it refers to as well,
        // so the generated project.props turns this one into NuGet's.
        string[] arguments =
        [
            "restore",
            Path.GetFileName(project),
            "-nologo",
            $"-p:MorganaLockedRestore={(locked ? "true" : "false")}",
            .. update ? (string[])["--force-evaluate"] : [],
        ];
        DotnetResult result = await terminal
            .Working(
                "restoring packages",
                () =>
                    DotnetProcess.RunAsync(
                        unikernel.Location,
                        arguments,
                        verbose ? line => terminal.Error.Write(line + "\n") : null,
                        cancellation
                    )
            )
            .ConfigureAwait(false);
        if (result.Succeeded)
        {
            return;
        }

        IReadOnlyList<string> errors = BuildMessages.Errors(
            [.. result.Output, .. result.Error],
            unikernel.Location
        );
        string text = string.Join('\n', errors.Count > 0 ? errors : result.Output);
        string advice =
            text.Contains("NU1004", StringComparison.Ordinal)
                ? $"{name} does not fit the project any more: run morgana depends --update, and look at what changed in it."
            : text.Contains("NU1403", StringComparison.Ordinal)
                ? $"A package is not the one that {name} names: somebody has replaced it. Find out who before going on."
            : text.Contains("NU1101", StringComparison.Ordinal)
            || text.Contains("NU1102", StringComparison.Ordinal)
            || text.Contains("NU1301", StringComparison.Ordinal)
                ? "A package could not be had: check the names and versions in config.cs and that its source can be reached."
            : "The packages could not be restored.";
        throw new CommandException(ExitCode.Missing, $"{advice}\n{text}");
    }
}
