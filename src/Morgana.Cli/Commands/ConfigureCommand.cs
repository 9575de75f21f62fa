using System.CommandLine;
using System.Text.Json.Nodes;
using Morgana.Cli.Configure;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Configuration;
using Morgana.Configuration.Generation;
using Morgana.Configuration.Graph;

namespace Morgana.Cli.Commands;

/// <summary><c>morgana configure</c>.</summary>
internal sealed class ConfigureCommand : KeyedCommand
{
    /// <summary>The command.</summary>
    public ConfigureCommand(Terminal terminal, string directory)
        : base(
            "configure",
            "Runs config.cs for a target and writes the generated files to morgana/.",
            terminal,
            directory
        )
    {
        Option<bool> force = new("--force")
        {
            Description = "also replace files in morgana/ that configure did not write",
        };
        Option<bool> json = CommonOptions.Json();
        Option<string> architectures = CommonOptions.Architectures();
        Options.Add(architectures);
        Options.Add(force);
        Options.Add(json);
        SetAction(parsed =>
        {
            Configure(
                Unikernel,
                Graph,
                Given(parsed),
                parsed.GetValue(architectures) is string list
                    ? Architectures.Parse(list)
                    : Architectures.Default,
                parsed.GetValue(force),
                parsed.GetValue(json)
            );
            return ExitCode.Done;
        });
    }

    private void Configure(
        UnikernelFolder folder,
        UnikernelGraph graph,
        Dictionary<string, string> given,
        Architectures architectures,
        bool force,
        bool json
    )
    {
        KeyValues values;
        SortedDictionary<string, string> files;
        try
        {
            values = KeyValues.From(graph.Keys, given);
            files = GeneratedFiles.Generate(graph, values, folder.ConfigFile, architectures);
        }
        catch (ConfigurationException exception)
        {
            throw new CommandException(
                ExitCode.Failed,
                $"{folder.ConfigFile}: error: {exception.Message}"
            );
        }

        _ = Target.TryParse(values["target"], out Target? target);
        if (target is { CanBuild: false })
        {
            throw new CommandException(
                ExitCode.Usage,
                $"This version of Morgana cannot build for the target {target} yet. It builds for: {string.Join(", ", Target.All.Where(t => t.CanBuild))}."
            );
        }

        SavedContext context = SavedContext.From(
            graph,
            values,
            given.Keys,
            folder.ConfigFile,
            ConfigInputs.Hashes(folder, graph.Inputs),
            files,
            architectures
        );
        SavedContext? earlier = null;
        try
        {
            earlier = folder.ReadContext();
        }
        catch (CommandException)
        {
            // A damaged context is replaced like a missing one.
        }

        IReadOnlyList<FileChange> changes = new GeneratedFolder(folder, earlier).Apply(
            files,
            context,
            force
        );
        if (json)
        {
            Terminal.Json(Report(graph, values, changes));
            return;
        }

        if (changes.All(c => c.Kind == ChangeKind.Unchanged))
        {
            Terminal.Out.Write(
                $"{graph.Name} is already configured for {values["target"]}: nothing to write.\n"
            );
            return;
        }

        Terminal.Out.Write($"{graph.Name}, configured for {values["target"]}:\n");
        foreach (FileChange change in changes)
        {
            string what = change.Kind switch
            {
                ChangeKind.Written => "wrote",
                ChangeKind.Restored => "wrote",
                ChangeKind.Foreign => "replaced",
                ChangeKind.Removed => "removed",
                ChangeKind.Kept => "kept",
                _ => "unchanged",
            };
            string note = change.Kind switch
            {
                ChangeKind.Restored => " (over changes made by hand)",
                ChangeKind.Foreign => " (not written by configure)",
                ChangeKind.Kept => " (no longer generated, but changed by hand)",
                _ => "",
            };
            Terminal.Out.Write($"  {what, -9} {GeneratedFiles.Folder}/{change.Name}{note}\n");
        }
    }

    private static JsonObject Report(
        UnikernelGraph graph,
        KeyValues values,
        IEnumerable<FileChange> changes
    ) =>
        new()
        {
            ["name"] = graph.Name,
            ["target"] = values["target"],
            ["keys"] = new JsonObject(
                values.All.Select(k => KeyValuePair.Create(k.Key, (JsonNode?)k.Value))
            ),
            ["files"] = new JsonArray([
                .. changes.Select(c =>
                    (JsonNode)
                        new JsonObject
                        {
                            ["path"] = $"{GeneratedFiles.Folder}/{c.Name}",
                            ["change"] = c.Kind.ToString().ToLowerInvariant(),
                        }
                ),
            ]),
        };
}
