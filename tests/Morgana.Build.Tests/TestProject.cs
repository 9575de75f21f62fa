using Morgana.Build.Caching;
using Morgana.Build.Execution;
using Morgana.Build.Hashing;
using Morgana.Build.Plans;
using Morgana.Build.Reporting;

namespace Morgana.Build.Tests;

/// <summary>A folder with a plan of small actions, and a cache of its own.</summary>
internal sealed class TestProject : IBuildReporter, IDisposable
{
    private readonly TemporaryFolder folder = new();

    public List<BuildAction> Actions { get; } = [];

    public List<string> Started { get; } = [];

    /// <summary>Is called when an action's program is about to run.</summary>
    public Action<BuildAction> OnStarting { get; set; } = _ => { };

    public string? CacheFolder { get; init; }

    public string this[string path] => folder[path];

    public string Location => folder.Location;

    public string Write(string path, string text) => folder.Write(path, text);

    public string Read(string path) => folder.Read(path);

    public void Dispose() => folder.Dispose();

    public void Starting(BuildAction action)
    {
        Started.Add(action.Id);
        OnStarting(action);
    }

    public void Done(ActionReport report) { }

    /// <summary>An action that runs a script of the shell in the project's folder.</summary>
    public BuildAction Shell(
        string id,
        string script,
        string[] inputs,
        string[] outputs,
        string depends = ""
    )
    {
        BuildAction action = new()
        {
            Id = id,
            Kind = ActionKind.Program,
            Contexts = ["one"],
            Program = "/bin/sh",
            Arguments = ["-c", script],
            Inputs = [.. inputs.Select(path => folder[path])],
            Outputs = [.. outputs.Select(path => folder[path])],
            DependencyFile = depends.Length > 0 ? folder[depends] : "",
            ErrorCode = "TEST",
        };
        Actions.Add(action);
        return action;
    }

    public void Replace(string id, Func<BuildAction, BuildAction> change)
    {
        int at = Actions.FindIndex(action => action.Id == id);
        Actions[at] = change(Actions[at]);
    }

    public BuildPlan Plan() =>
        new()
        {
            Name = "test",
            ProjectFolder = folder.Location,
            StateFolder = folder["obj/morgana"],
            Roots = new Dictionary<string, string> { [folder.Location] = "<project>" },
            Actions = Actions,
            Images = [new PlannedImage("one", folder["dist/one"], folder["obj/one"])],
        };

    /// <summary>Builds, and tells how each action came to be done.</summary>
    public async Task<Dictionary<string, ActionReport>> BuildAsync(
        IReadOnlySet<string>? contexts = null,
        int parallelism = 4,
        CancellationToken cancelled = default
    )
    {
        Started.Clear();
        using BuildEngine engine = new(
            Plan(),
            new BuildOptions
            {
                Cache = CacheFolder is null ? null : new ActionCache(CacheFolder, 1 << 30),
                Parallelism = parallelism,
                Contexts = contexts,
            },
            this,
            new FileHashes(folder["obj/morgana"])
        );
        BuildResult result = await engine.RunAsync(cancelled);
        return result.Reports.ToDictionary(report => report.Action.Id);
    }
}
