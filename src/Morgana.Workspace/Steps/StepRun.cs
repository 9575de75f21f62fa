using Microsoft.Extensions.FileSystemGlobbing;
using Morgana.Workspace.Conditions;
using Morgana.Workspace.Contexts;

namespace Morgana.Workspace.Steps;

/// <summary>
/// One run of a step's program. A step that mentions <c>{context}</c>, <c>{architecture}</c>, <c>{target}</c> or <c>{profile}</c> runs for each context
/// in which it is enabled, with that context's environment; any other runs once, since what it makes is the same for all, with its host's.
/// </summary>
public sealed record StepRun
{
    private static readonly string[] Marks =
    [
        "{context}",
        "{architecture}",
        "{target}",
        "{profile}",
    ];

    /// <summary>The step.</summary>
    public required BuildStep Step { get; init; }

    /// <summary>The context that it runs for; null when it runs for all.</summary>
    public BuildContext? Context { get; init; }

    /// <summary>The context in which its program is built.</summary>
    public required BuildContext Host { get; init; }

    /// <summary>A name of its own, for messages and for files: the step's, with the context's where it runs for one.</summary>
    public string Name => Context is null ? Step.Name : $"{Step.Name}.{Context.Name}";

    /// <summary>The program's arguments.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Full paths of the files that it reads, in a fixed order.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>Full paths of the files that it writes.</summary>
    public required IReadOnlyList<string> Outputs { get; init; }

    /// <summary>The outputs that are C# to compile.</summary>
    public IEnumerable<string> Sources =>
        Outputs.Where(path => path.EndsWith(".cs", StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// What is added to the program's environment, NAME=VALUE; with it MORGANA_CONTEXT, MORGANA_ARCHITECTURE, MORGANA_TARGET and MORGANA_PROFILE of the
    /// context that it runs for.
    /// </summary>
    public IReadOnlyList<string> Environment =>
        Context is null
            ? Host.Environment
            :
            [
                .. Context.Environment,
                "MORGANA_CONTEXT=" + Context.Name,
                "MORGANA_ARCHITECTURE=" + Context.Architecture,
                "MORGANA_TARGET=" + Context.Target,
                "MORGANA_PROFILE=" + Context.Profile,
            ];

    /// <summary>The runs that a workspace asks for, in the order of its steps.</summary>
    /// <exception cref="WorkspaceException">An input is not there, two runs write one file, or a step's contexts have different hosts.</exception>
    public static IReadOnlyList<StepRun> Of(DeclaredWorkspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        List<WorkspaceMistake> mistakes = [];
        List<StepRun> runs = [];
        // What an earlier step makes need not be there yet.
        HashSet<string> made = [];
        BuildContext[] all = [.. workspace.ImageContexts];
        foreach (BuildStep step in workspace.Steps)
        {
            ContextCondition? condition =
                step.EnabledIf.Length == 0 ? null : ContextCondition.Parse(step.EnabledIf);
            BuildContext[] contexts =
            [
                .. (all.Length > 0 ? all : [workspace.Default]).Where(context =>
                    condition?.Holds(context) ?? true
                ),
            ];
            if (contexts.Length == 0)
            {
                continue;
            }

            string[] hosts = [.. contexts.Select(HostOf).Distinct()];
            bool each = step
                .Arguments.Concat(step.Inputs)
                .Concat(step.Outputs)
                .Any(text => Marks.Any(mark => text.Contains(mark, StringComparison.Ordinal)));
            if (hosts.Length > 1)
            {
                mistakes.Add(
                    new WorkspaceMistake(
                        "MORGANA058",
                        step.File,
                        step.Line,
                        $"The step '{step.Name}' is enabled for contexts of different hosts ({string.Join(", ", hosts)}), and its program is built once: part them with EnabledIf into two steps."
                    )
                );
                continue;
            }

            BuildContext host = workspace.Contexts.First(context => context.Name == hosts[0]);
            if (each)
            {
                runs.AddRange(contexts.Select(c => Make(workspace, step, host, c, made, mistakes)));
            }
            else
            {
                runs.Add(Make(workspace, step, host, null, made, mistakes));
            }

            made.UnionWith(runs.SelectMany(run => run.Outputs));
        }

        foreach (
            IGrouping<string, (string Path, StepRun Run)> twice in runs.SelectMany(run =>
                    run.Outputs.Select(path => (path, run))
                )
                .GroupBy(pair => pair.path, StringComparer.OrdinalIgnoreCase)
                .Where(group => group.Count() > 1)
        )
        {
            BuildStep last = twice.Last().Run.Step;
            mistakes.Add(
                new WorkspaceMistake(
                    "MORGANA058",
                    last.File,
                    last.Line,
                    $"{twice.Key} is written by {string.Join(" and ", twice.Select(pair => pair.Run.Name))}: let each write a file of its own; {{context}} in a path stands for the context's name."
                )
            );
        }

        return mistakes.Count > 0 ? throw new WorkspaceException(mistakes) : runs;
    }

    private static string HostOf(BuildContext context) =>
        context.Host.Length == 0 ? context.Name : context.Host;

    private static StepRun Make(
        DeclaredWorkspace workspace,
        BuildStep step,
        BuildContext host,
        BuildContext? context,
        HashSet<string> made,
        List<WorkspaceMistake> mistakes
    ) =>
        new()
        {
            Step = step,
            Host = host,
            Context = context,
            Arguments = [.. step.Arguments.Select(text => Fill(text, context))],
            Inputs = Files(
                workspace.Folder,
                [.. step.Inputs.Select(text => Fill(text, context))],
                step,
                made,
                mistakes
            ),
            Outputs =
            [
                .. step.Outputs.Select(path =>
                    Path.GetFullPath(Fill(path, context), workspace.Folder)
                ),
            ],
        };

    private static IReadOnlyList<string> Files(
        string folder,
        IReadOnlyList<string> patterns,
        BuildStep step,
        HashSet<string> made,
        List<WorkspaceMistake> mistakes
    )
    {
        Matcher matcher = new(StringComparison.Ordinal);
        SortedSet<string> files = new(StringComparer.Ordinal);
        foreach (string pattern in patterns)
        {
            if (WordPattern.HasWildcard(pattern))
            {
                _ = matcher.AddInclude(pattern);
                continue;
            }

            string path = Path.GetFullPath(pattern, folder);
            if (Directory.Exists(path))
            {
                _ = matcher.AddInclude(pattern.TrimEnd('/') + "/**");
            }
            else if (File.Exists(path) || made.Contains(path))
            {
                _ = files.Add(path);
            }
            else
            {
                mistakes.Add(
                    new WorkspaceMistake(
                        "MORGANA058",
                        step.File,
                        step.Line,
                        $"The step '{step.Name}' reads {pattern}, and there is no {path}."
                    )
                );
            }
        }

        foreach (string path in matcher.GetResultsInFullPath(folder))
        {
            _ = files.Add(Path.GetFullPath(path));
        }

        return [.. files];
    }

    private static string Fill(string text, BuildContext? context) =>
        context is null
            ? text
            : text.Replace("{context}", context.Name, StringComparison.Ordinal)
                .Replace("{architecture}", context.Architecture, StringComparison.Ordinal)
                .Replace("{target}", context.Target, StringComparison.Ordinal)
                .Replace("{profile}", context.Profile, StringComparison.Ordinal);
}
