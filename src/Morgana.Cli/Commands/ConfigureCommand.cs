using System.CommandLine;
using System.Text.Json.Nodes;
using Morgana.Cli.Configure;
using Morgana.Cli.Ide;
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
            "Runs config.cs for one or several targets and writes the generated files to morgana/.",
            terminal,
            directory
        )
    {
        Option<bool> force = new("--force")
        {
            Description = "also replace files in morgana/ that configure did not write",
        };
        Option<bool> json = CommonOptions.Json();
        Option<string[]> architectures = CommonOptions.Architectures();
        Options.Add(architectures);
        Options.Add(force);
        Options.Add(json);
        SetAction(
            async (parsed, cancellation) =>
            {
                await ConfigureAsync(
                        Unikernel,
                        Graph,
                        Given(parsed),
                        parsed.GetValue(architectures) is { Length: > 0 } list
                            ? Architectures.Parse(string.Join(',', list))
                            : Architectures.Default,
                        parsed.GetValue(force),
                        parsed.GetValue(json),
                        cancellation
                    )
                    .ConfigureAwait(false);
                return ExitCode.Done;
            }
        );
    }

    private async Task ConfigureAsync(
        UnikernelFolder folder,
        UnikernelGraph graph,
        Dictionary<string, string> given,
        Architectures architectures,
        bool force,
        bool json,
        CancellationToken cancellation
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

        IReadOnlyList<Target> targets = graph.TargetsOf(values);
        if (targets.FirstOrDefault(target => target.IsPlanned) is { } planned)
        {
            throw new CommandException(
                ExitCode.Usage,
                $"This version of Morgana cannot build for the target {planned} yet. It builds for: {string.Join(", ", graph.Targets.Where(t => !t.IsPlanned))}."
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
        IReadOnlyList<string> outdated = OutdatedImages.Remove(folder, earlier);
        List<string> begun = UserFiles.Begin(folder, graph.Name, targets);
        IReadOnlyList<string> forEditors = await new IdeFiles(folder, graph.Name)
            .WriteAsync(cancellation)
            .ConfigureAwait(false);
        if (json)
        {
            Terminal.Json(Report(graph, values, architectures, changes, begun, forEditors));
            return;
        }

        string what = Text(values, architectures);

        if (
            changes.All(c => c.Kind == ChangeKind.Unchanged)
            && begun.Count == 0
            && outdated.Count == 0
            && forEditors.Count == 0
        )
        {
            Terminal.Out.Write(
                $"{graph.Name} is already configured for {what}: nothing to write.\n"
            );
            return;
        }

        Terminal.Out.Write($"{graph.Name}, configured for {what}:\n");
        foreach (FileChange change in changes)
        {
            string done = change.Kind switch
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
            Terminal.Out.Write($"  {done, -9} {GeneratedFiles.Folder}/{change.Name}{note}\n");
        }

        foreach (string path in outdated)
        {
            Terminal.Out.Write($"  {"removed", -9} {path} (no context makes it any more)\n");
        }

        foreach (string path in forEditors)
        {
            Terminal.Out.Write($"  {"wrote", -9} {path}\n");
        }

        foreach (string path in begun)
        {
            Terminal.Out.Write(
                $"  {"began", -9} {path} (yours: configure does not touch it again)\n"
            );
        }
    }

    /// <summary>What it is configured for: "spt", "spt and unix on x64 and arm64".</summary>
    private static string Text(KeyValues values, Architectures architectures)
    {
        string targets = string.Join(" and ", values.Targets);
        return architectures.IsDefault
            ? targets
            : $"{targets} on {string.Join(" and ", architectures.Names)}";
    }

    private static JsonObject Report(
        UnikernelGraph graph,
        KeyValues values,
        Architectures architectures,
        IEnumerable<FileChange> changes,
        IEnumerable<string> begun,
        IEnumerable<string> forEditors
    ) =>
        new()
        {
            ["name"] = graph.Name,
            ["targets"] = new JsonArray([.. values.Targets.Select(t => (JsonNode)t)]),
            ["architectures"] = new JsonArray([.. architectures.Names.Select(a => (JsonNode)a)]),
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
            ["editors"] = new JsonArray([.. forEditors.Select(path => (JsonNode)path)]),
            ["began"] = new JsonArray([.. begun.Select(path => (JsonNode)path)]),
        };
}
