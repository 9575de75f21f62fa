using System.CommandLine;
using System.Text.Json.Nodes;
using Morgana.Cli.Configure;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Cli.Sizes;
using Morgana.Configuration;
using Morgana.Configuration.Generation;
using Morgana.Configuration.Graph;
using Morgana.Elf;
using Manifest = Morgana.Configuration.Generation.Manifest;

namespace Morgana.Cli.Commands;

/// <summary><c>morgana query</c>.</summary>
internal static class QueryCommand
{
    private static readonly string[] Questions =
    [
        "name",
        "target",
        "targets",
        "keys",
        "boot-arguments",
        "packages",
        "libraries",
        "manifest",
        "files",
        "image",
        "images",
        "facts",
        "size",
        "symbols",
    ];

    /// <summary>The command.</summary>
    public static Command Create(Terminal terminal, string directory)
    {
        Argument<string> question = new("what")
        {
            Description = $"one of: {string.Join(", ", Questions)}",
            HelpName = "what",
        };
        question.AcceptOnlyFromAmong(Questions);
        Option<string?> file = CommonOptions.File();
        Option<string?> folder = CommonOptions.Folder();
        Option<bool> json = CommonOptions.Json();
        Argument<string?> image = new("image")
        {
            Description =
                "facts, size, symbols: the image's file [default: that of --context, else the first that is built]",
            HelpName = "image",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Option<string?> contextName = new("--context")
        {
            Description = "the build context whose image it is about",
            HelpName = "NAME",
        };
        Option<SizeKind> by = new("--by")
        {
            Description = "size: what to sum by [default: library]",
            HelpName = "library|namespace|type|method",
        };
        Option<int?> top = new("--top")
        {
            Description = "size: rows to show, 0 for all [default: all libraries, 30 of others]",
            HelpName = "N",
        };
        Command command = new(
            "query",
            "Prints one fact for scripts, a line each, as the unikernel is configured (else with the keys' defaults)."
        )
        {
            question,
            image,
            file,
            folder,
            contextName,
            by,
            top,
            json,
        };
        command.SetAction(
            async (parsed, cancellation) =>
            {
                string what = parsed.GetValue(question)!;
                if (what == "targets")
                {
                    Print(
                        terminal,
                        [.. Target.BuiltIn.Where(t => !t.IsPlanned).Select(t => t.Name)],
                        parsed.GetValue(json)
                    );
                    return ExitCode.Done;
                }

                UnikernelFolder unikernel = CommonOptions.Open(parsed, directory, folder, file);
                if (what is "facts" or "size" or "symbols")
                {
                    string path = parsed.GetValue(image) is string given
                        ? Path.GetFullPath(given, directory)
                        : BuiltImage.Choose(unikernel, parsed.GetValue(contextName)).Path;
                    if (what == "facts")
                    {
                        PrintFacts(terminal, unikernel, path, parsed.GetValue(json));
                    }
                    else if (what == "symbols")
                    {
                        SymbolsQuestion.Answer(terminal, unikernel, path, parsed.GetValue(json));
                    }
                    else
                    {
                        SizeQuestion.Answer(
                            terminal,
                            unikernel,
                            path,
                            parsed.GetValue(by),
                            parsed.GetValue(top),
                            parsed.GetValue(json)
                        );
                    }

                    return ExitCode.Done;
                }

                if (what == "images")
                {
                    PrintImages(terminal, unikernel, parsed.GetValue(json));
                    return ExitCode.Done;
                }

                UnikernelGraph graph = await new ConfigProgram(unikernel, terminal)
                    .GraphAsync(cancellation)
                    .ConfigureAwait(false);
                SavedContext? context = unikernel.ReadContext();
                KeyValues values;
                try
                {
                    values = KeyValues.From(
                        graph.Keys,
                        context?.Given ?? new SortedDictionary<string, string>()
                    );
                }
                catch (ConfigurationException)
                {
                    throw new CommandException(
                        ExitCode.NotConfigured,
                        $"{unikernel.ConfigFile} has other keys than it was configured with: run morgana configure."
                    );
                }

                EvaluatedGraph evaluated = new(graph, values);
                if (what == "manifest")
                {
                    terminal.Out.Write(Manifest.Print(evaluated));
                    return ExitCode.Done;
                }

                Print(terminal, Answer(what, evaluated), parsed.GetValue(json));
                return ExitCode.Done;
            }
        );
        return command;
    }

    private static string[] Answer(string what, EvaluatedGraph graph) =>
        what switch
        {
            "name" => [graph.Graph.Name],
            "target" => [graph.Target.Name],
            "keys" => [.. graph.Values.All.Select(k => $"{k.Key}={k.Value}")],
            "boot-arguments" => [.. graph.Arguments.Select(a => "--" + a.Name)],
            "packages" =>
            [
                .. graph
                    .Needs.Where(n => n.Kind == NeedKind.Package)
                    .Select(n => $"{n.Name}@{n.Version}"),
            ],
            "libraries" =>
            [
                .. graph
                    .Needs.Where(n => n.Kind is NeedKind.Library or NeedKind.Project)
                    .Select(n => n.Name),
            ],
            "files" =>
            [
                .. GeneratedFiles
                    .Generate(graph.Graph, graph.Values, "config.cs")
                    .Keys.Append(SavedContext.FileName)
                    .Order(StringComparer.Ordinal)
                    .Select(name => $"{GeneratedFiles.Folder}/{name}"),
            ],
            "image" => [$"dist/{graph.Target.ImageName(graph.Graph.Name, "x64", ["x64"])}"],
            _ => throw new InvalidOperationException(what),
        };

    private static void PrintFacts(
        Terminal terminal,
        UnikernelFolder unikernel,
        string path,
        bool json
    )
    {
        string name = unikernel.NameOf(path);
        if (!File.Exists(path))
        {
            throw new CommandException(
                ExitCode.Missing,
                $"There is no image {name}: run morgana build, or name the image's file."
            );
        }

        try
        {
            using FileElfSource source = new(path);
            ImageFacts facts = new(ElfFile.Read(source), name);
            if (json)
            {
                terminal.Json(facts.Json());
            }
            else
            {
                terminal.Out.Write(facts.Text());
            }
        }
        catch (ElfException exception)
        {
            throw new CommandException(ExitCode.Failed, exception.Message + ".");
        }
    }

    private static void PrintImages(Terminal terminal, UnikernelFolder unikernel, bool json)
    {
        IReadOnlyList<BuiltImage> images = BuiltImage.All(unikernel);
        if (!json)
        {
            foreach (BuiltImage image in images)
            {
                terminal.Out.Write(unikernel.NameOf(image.Path) + "\n");
            }

            return;
        }

        terminal.Json(
            new JsonArray([
                .. images.Select(image =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["context"] = image.Context,
                            ["target"] = image.Target,
                            ["architecture"] = image.Architecture,
                            ["path"] = unikernel.NameOf(image.Path),
                            ["bytes"] = File.Exists(image.Path)
                                ? new FileInfo(image.Path).Length
                                : null,
                        }
                ),
            ])
        );
    }

    private static void Print(Terminal terminal, string[] lines, bool json)
    {
        if (json)
        {
            terminal.Json(new JsonArray([.. lines.Select(line => (JsonNode)line)]));
            return;
        }

        foreach (string line in lines)
        {
            terminal.Out.Write(line + "\n");
        }
    }
}
