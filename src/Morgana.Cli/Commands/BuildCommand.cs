using System.CommandLine;
using System.Text.Json.Nodes;
using Morgana.Build.Plans;
using Morgana.Build.Reporting;
using Morgana.Cli.Build;
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
        Option<string[]> contexts = new("--context")
        {
            Description =
                "the contexts to build, as in spt-arm64 or 'spt-*', with commas between or given again [default: all]",
            HelpName = "NAME",
        };
        Option<bool> explain = new("--explain")
        {
            Description =
                "say why each thing was done: first time, which input or argument changed, or taken from the cache",
        };
        Option<bool> commands = new("-x") { Description = "print each command that is run" };
        Option<string?> timings = new("--timings")
        {
            Description =
                "write what took how long to a file for a browser's trace viewer (chrome://tracing, ui.perfetto.dev)",
            HelpName = "FILE",
        };
        Option<bool> watch = new("--watch")
        {
            Description = "build again whenever a source changes, until Ctrl-C",
        };
        Option<bool> run = new("--run")
        {
            Description = "with --watch: run the image, and run it anew after each good build",
        };
        Argument<string[]> runArguments = new("run arguments")
        {
            Description = "with --run: options of morgana run, after --",
            HelpName = "-- OPTION...",
        };
        Command command = new(
            "build",
            "Builds the images into dist/. It is dotnet build, but it leaves alone what nothing has changed for, and takes what was built before from a cache."
        )
        {
            folder,
            contexts,
            explain,
            commands,
            timings,
            watch,
            run,
            verbose,
            json,
            runArguments,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(run) && !result.GetValue(watch))
            {
                result.AddError("--run goes with --watch; to run what is built: morgana run.");
            }
            else if (result.GetValue(runArguments)?.Length > 0 && !result.GetValue(run))
            {
                result.AddError(
                    $"'{result.GetValue(runArguments)![0]}' is no option of morgana build."
                );
            }
        });
        command.SetAction(
            async (parsed, cancellation) =>
            {
                UnikernelFolder unikernel = CommonOptions.Open(parsed, directory, folder);
                BuildRequest request = new()
                {
                    Contexts = parsed.GetValue(contexts) ?? [],
                    Explain = parsed.GetValue(explain),
                    ShowCommands = parsed.GetValue(commands),
                    Verbose = parsed.GetValue(verbose),
                    Json = parsed.GetValue(json),
                    Timings = parsed.GetValue(timings) is string file
                        ? Path.GetFullPath(file, directory)
                        : null,
                };
                if (parsed.GetValue(watch))
                {
                    return await new BuildWatch(
                        terminal,
                        unikernel,
                        request,
                        parsed.GetValue(run) ? parsed.GetValue(runArguments) ?? [] : null
                    )
                        .RunAsync(cancellation)
                        .ConfigureAwait(false);
                }

                await BuildOnceAsync(terminal, unikernel, request, cancellation)
                    .ConfigureAwait(false);
                return ExitCode.Done;
            }
        );
        return command;
    }

    /// <summary>Builds, and reports what was built.</summary>
    /// <exception cref="CommandException">It does not build.</exception>
    public static async Task BuildOnceAsync(
        Terminal terminal,
        UnikernelFolder unikernel,
        BuildRequest request,
        CancellationToken cancellation
    )
    {
        SavedContext context = unikernel.RequireCurrentContext();
        string project = unikernel.RequireProject(context.Name);
        BuildOutcome outcome = await new ProjectBuild(
            terminal,
            unikernel,
            project,
            context.Name,
            request
        )
            .RunAsync(cancellation)
            .ConfigureAwait(false);
        Report(terminal, outcome, request);
    }

    private static void Report(Terminal terminal, BuildOutcome outcome, BuildRequest request)
    {
        IReadOnlyList<PlannedImage> images = outcome.Result.Images;
        if (request.Json)
        {
            JsonNode[] all =
            [
                .. images.Select(image => new JsonObject
                {
                    ["context"] = image.Context,
                    ["image"] = $"dist/{Path.GetFileName(image.Path)}",
                    ["size"] = new FileInfo(image.Path).Length,
                    ["outcome"] = Outcome(outcome, image),
                }),
            ];
            JsonObject result = new()
            {
                // The first, and all: programs that know of one architecture find what they knew.
                ["image"] = images.Count > 0 ? $"dist/{Path.GetFileName(images[0].Path)}" : null,
                ["size"] = images.Count > 0 ? new FileInfo(images[0].Path).Length : null,
                ["images"] = new JsonArray(all),
                ["seconds"] = Math.Round(outcome.Time.TotalSeconds, 2),
                ["evaluated"] = outcome.Evaluated,
                ["warnings"] = new JsonArray([.. outcome.Warnings.Select(w => (JsonNode)w)]),
            };
            if (request.Explain)
            {
                result["actions"] = new JsonArray([
                    .. outcome
                        .Result.Reports.Where(r => r.Outcome != ActionOutcome.Current)
                        .Select(r =>
                            (JsonNode)
                                new JsonObject
                                {
                                    ["action"] = r.Action.Id,
                                    ["outcome"] = r.Outcome.ToString().ToLowerInvariant(),
                                    ["reason"] = r.Reason,
                                    ["seconds"] = Math.Round(r.Duration.TotalSeconds, 3),
                                }
                        ),
                ]);
            }

            terminal.Json(result);
            return;
        }

        foreach (string warning in outcome.Warnings)
        {
            terminal.Error.Write(warning + "\n");
        }

        if (request.Explain && outcome.Evaluated is null && outcome.Result.WasCurrent)
        {
            terminal.Out.Write("Nothing has changed since the last build.\n");
        }

        foreach (PlannedImage image in images)
        {
            terminal.Out.Write(
                CurrentAnswer.Line(
                    image.Path,
                    new FileInfo(image.Path).Length,
                    image.Context,
                    Words(Outcome(outcome, image))
                )
            );
        }

        terminal.Error.Write(CurrentAnswer.Summary(images.Count, outcome.Time));
    }

    private static string Words(string outcome) =>
        outcome switch
        {
            "current" => "unchanged",
            "restored" => "from the cache",
            _ => "built",
        };

    /// <summary>How the image came to be in dist/.</summary>
    private static string Outcome(BuildOutcome outcome, PlannedImage image) =>
        outcome
            .Result.Reports.FirstOrDefault(report => report.Action.Outputs.Contains(image.Path))
            ?.Outcome switch
        {
            ActionOutcome.Current => "current",
            ActionOutcome.Restored => "restored",
            _ => "built",
        };
}
