using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Morgana.Cli.Dotnet;
using Morgana.Cli.Needs.Locks;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Commands;

/// <summary><c>morgana build</c>.</summary>
internal static class BuildCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal, string directory)
    {
        Option<string?> folder = CommonOptions.Folder();
        Option<bool> verbose = CommonOptions.Verbose();
        Option<bool> json = CommonOptions.Json();
        Command command = new(
            "build",
            "Builds the image into dist/. It is dotnet build, after a check that the configuration is current."
        )
        {
            folder,
            verbose,
            json,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                UnikernelFolder unikernel = CommonOptions.Open(parsed, directory, folder);
                SavedContext context = unikernel.RequireCurrentContext();
                string project = unikernel.RequireProject(context.Name);
                bool showAll = parsed.GetValue(verbose);
                Stopwatch time = Stopwatch.StartNew();
                DotnetResult result = await terminal
                    .Working(
                        $"building {context.Name}",
                        () =>
                            DotnetProcess.RunAsync(
                                unikernel.Location,
                                [
                                    "build",
                                    Path.GetFileName(project),
                                    "-nologo",
                                    showAll ? "-v:normal" : "-v:minimal",
                                    "-tl:off",
                                    "-clp:NoSummary",
                                ],
                                showAll ? line => terminal.Error.Write(line + "\n") : null,
                                cancellation
                            )
                    )
                    .ConfigureAwait(false);
                List<string> lines = [.. result.Output, .. result.Error];
                if (!result.Succeeded)
                {
                    string lockFile = Path.GetFileName(UnikernelFolder.LockFile(project));
                    if (RestoreFailure.Explain(lines, unikernel.Location, lockFile) is { } failure)
                    {
                        throw failure;
                    }

                    IReadOnlyList<string> errors = BuildMessages.Errors(lines, unikernel.Location);
                    throw new CommandException(
                        ExitCode.Failed,
                        $"{context.Name} does not build:\n"
                            + string.Join('\n', errors.Count > 0 ? errors : lines)
                            + HintFor(errors)
                    );
                }

                string[] images =
                [
                    .. context.Images().Select(name => Path.Combine(unikernel.ImagesPath, name)),
                ];
                if (images.FirstOrDefault(path => !File.Exists(path)) is string missing)
                {
                    throw new CommandException(
                        ExitCode.Failed,
                        $"dotnet build ended well but left no dist/{Path.GetFileName(missing)}: does {Path.GetFileName(project)} use the SDK Morgana.Sdk?"
                    );
                }

                Report(
                    terminal,
                    images,
                    BuildMessages.Warnings(lines, unikernel.Location),
                    time.Elapsed,
                    parsed.GetValue(json)
                );
                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>Errors in generated code have their cause somewhere else.</summary>
    private static string HintFor(IReadOnlyList<string> errors) =>
        errors.Any(error => error.StartsWith("morgana/", StringComparison.Ordinal))
            ? "\nmorgana/ is generated from config.cs: a job's class name and devices there must match the class and its constructor."
            : "";

    private static void Report(
        Terminal terminal,
        string[] images,
        IReadOnlyList<string> warnings,
        TimeSpan time,
        bool json
    )
    {
        if (json)
        {
            terminal.Json(
                new JsonObject
                {
                    // The first, and all: programs that know of one architecture find what they knew.
                    ["image"] = $"dist/{Path.GetFileName(images[0])}",
                    ["size"] = new FileInfo(images[0]).Length,
                    ["images"] = new JsonArray([
                        .. images.Select(image =>
                            (JsonNode)
                                new JsonObject
                                {
                                    ["image"] = $"dist/{Path.GetFileName(image)}",
                                    ["size"] = new FileInfo(image).Length,
                                }
                        ),
                    ]),
                    ["seconds"] = Math.Round(time.TotalSeconds, 2),
                    ["warnings"] = new JsonArray([.. warnings.Select(w => (JsonNode)w)]),
                }
            );
            return;
        }

        foreach (string warning in warnings)
        {
            terminal.Error.Write(warning + "\n");
        }

        foreach (string image in images)
        {
            terminal.Out.Write(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"dist/{Path.GetFileName(image)}  {new FileInfo(image).Length / 1e6:0.00} MB  in {time.TotalSeconds:0.0} s\n"
                )
            );
        }
    }
}
