using System.Diagnostics;
using Morgana.Build.Actions;
using Morgana.Build.Caching;
using Morgana.Build.Hashing;
using Morgana.Build.Plans;
using Morgana.Build.Reporting;

namespace Morgana.Build.Execution;

/// <summary>
/// Carries a plan out: what is current is left alone, what the cache has is taken from there, the rest runs, as much at once as its inputs and the processors allow.
/// </summary>
public sealed class BuildEngine : IDisposable
{
    private readonly BuildPlan plan;
    private readonly BuildOptions options;
    private readonly IBuildReporter reporter;
    private readonly FileHashes hashes;
    private readonly PathNames names;
    private readonly BuildRecords records;
    private readonly ActionCache? cache;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private readonly Lock gate = new();
    private readonly List<ActionReport> reports = [];
    private readonly SemaphoreSlim slots;
    private readonly CancellationTokenSource failed = new();

    /// <summary>Prepares to carry a plan out.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="options">How.</param>
    /// <param name="reporter">Is told how it goes on.</param>
    /// <param name="hashes">Hashes of files, remembered from build to build.</param>
    public BuildEngine(
        BuildPlan plan,
        BuildOptions options,
        IBuildReporter reporter,
        FileHashes hashes
    )
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(options);
        this.plan = plan;
        this.options = options;
        this.reporter = reporter;
        this.hashes = hashes;
        names = new PathNames(plan.Roots);
        records = new BuildRecords(plan.StateFolder);
        cache = options.Cache;
        slots = new SemaphoreSlim(Math.Max(1, options.Parallelism));
    }

    /// <summary>Builds.</summary>
    /// <exception cref="BuildException">A program or file is not there.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="OperationCanceledException">The build was stopped.</exception>
    public async Task<BuildResult> RunAsync(CancellationToken cancelled)
    {
        BuildAction[] wanted = Wanted();
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(
            cancelled,
            failed.Token
        );
        Dictionary<string, Task<bool>> producers = new(StringComparer.Ordinal);
        List<Task<bool>> all = [];
        foreach (BuildAction action in wanted)
        {
            Task<bool>[] before =
            [
                .. action
                    .Inputs.Select(input => producers.GetValueOrDefault(input))
                    .OfType<Task<bool>>()
                    .Distinct(),
            ];
            Task<bool> task = Task.Run(
                () => AfterAsync(action, before, stop.Token),
                CancellationToken.None
            );
            all.Add(task);
            foreach (string output in action.Outputs)
            {
                producers[output] = task;
            }
        }

        try
        {
            _ = await Task.WhenAll(all).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            // Another action failed; its report or exception tells.
            Exception? cause = all.Select(task => task.Exception?.InnerException)
                .FirstOrDefault(e => e is not (null or OperationCanceledException));
            if (cause is not null)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(cause);
            }
        }
        finally
        {
            hashes.Save();
        }

        cancelled.ThrowIfCancellationRequested();
        if (reports.Any(report => report.Outcome == ActionOutcome.Ran))
        {
            _ = cache?.Trim();
        }

        return new BuildResult(
            [.. reports],
            [.. plan.Images.Where(image => options.Contexts?.Contains(image.Context) ?? true)]
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        slots.Dispose();
        failed.Dispose();
    }

    /// <summary>The actions of the wanted contexts, with all that they need.</summary>
    private BuildAction[] Wanted()
    {
        if (options.Contexts is not { } contexts)
        {
            return [.. plan.Actions];
        }

        HashSet<string> needed = new(StringComparer.Ordinal);
        List<BuildAction> wanted = [];
        foreach (BuildAction action in plan.Actions.Reverse())
        {
            if (action.Contexts.Any(contexts.Contains) || action.Outputs.Any(needed.Contains))
            {
                wanted.Add(action);
                needed.UnionWith(action.Inputs);
            }
        }

        wanted.Reverse();
        return [.. wanted];
    }

    private async Task<bool> AfterAsync(
        BuildAction action,
        Task<bool>[] before,
        CancellationToken stop
    )
    {
        bool[] good = await Task.WhenAll(before).ConfigureAwait(false);
        if (!good.All(done => done))
        {
            return false;
        }

        await slots.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            stop.ThrowIfCancellationRequested();
            return await DoAsync(action, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await failed.CancelAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            _ = slots.Release();
        }
    }

    private async Task<bool> DoAsync(BuildAction action, CancellationToken stop)
    {
        TimeSpan start = clock.Elapsed;
        string program = Find(action);
        CheckInputs(action);
        ActionRecord? record = records.Find(action.Id);
        IReadOnlyList<string> discovered = Discovered(action, program, record);
        ActionKey key = ActionKey.Of(action, program, hashes, names, discovered);
        if (record?.Key == key.Key && action.Outputs.All(output => IsAsMade(record, output)))
        {
            Report(ActionOutcome.Current, "", "");
            return true;
        }

        string reason = Explanation.Of(
            action,
            key,
            record,
            record is null ? null : records.Details(action.Id),
            Show
        );
        if (options.Adopted.Contains(action.Id) && action.Outputs.All(File.Exists))
        {
            Keep(action, key, []);
            cache?.Store(key.Key, action.Outputs);
            Report(ActionOutcome.Adopted, reason, "");
            return true;
        }

        records.Forget(action.Id);
        bool cached = action.Kind is not (ActionKind.Copy or ActionKind.Manifest);
        if (cached && cache?.TryRestore(key.Key, action.Outputs) == true)
        {
            Keep(action, key, discovered);
            Report(ActionOutcome.Restored, reason, "");
            return true;
        }

        lock (gate)
        {
            reporter.Starting(action);
        }

        foreach (string output in action.Outputs)
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        }

        string printed = "";
        if (action.Program.Length == 0)
        {
            printed = EngineAction.Run(action);
        }
        else
        {
            (int exitCode, printed) = await RunProgramAsync(action, program, stop)
                .ConfigureAwait(false);
            if (exitCode != 0)
            {
                Report(ActionOutcome.Failed, reason, printed);
                await failed.CancelAsync().ConfigureAwait(false);
                return false;
            }
        }

        string? missing = action.Outputs.FirstOrDefault(output => !File.Exists(output));
        if (missing is not null)
        {
            throw new BuildException(
                action.ErrorCode,
                $"{action.Id} ended well but made no {Show(missing)}. {printed}".TrimEnd()
            );
        }

        if (action.DependencyFile.Length > 0)
        {
            discovered = ReadDependencies(action);
            key = ActionKey.Of(action, program, hashes, names, discovered);
            cache?.StoreNames(
                ActionKey.Of(action, program, hashes, names).Key,
                [.. discovered.Select(names.Map)]
            );
        }

        Keep(action, key, discovered);
        if (cached)
        {
            cache?.Store(key.Key, action.Outputs);
        }

        Report(ActionOutcome.Ran, reason, printed);
        return true;

        void Report(ActionOutcome outcome, string why, string output)
        {
            ActionReport report = new(action, outcome, why, output, start, clock.Elapsed - start);
            lock (gate)
            {
                reports.Add(report);
                reporter.Done(report);
            }
        }
    }

    private Task<(int ExitCode, string Output)> RunProgramAsync(
        BuildAction action,
        string program,
        CancellationToken stop
    )
    {
        if (action.ResponseFile.Length > 0)
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(action.ResponseFile)!);
            File.WriteAllLines(action.ResponseFile, action.ResponseLines);
        }

        return ChildProcess.RunAsync(
            program,
            action.Arguments,
            action.Environment,
            action.WorkingFolder.Length > 0 ? action.WorkingFolder : plan.ProjectFolder,
            stop
        );
    }

    private static string Find(BuildAction action) =>
        action.Program.Length == 0
            ? ""
            : ProgramPath.Find(action.Program)
                ?? throw new BuildException(
                    action.ErrorCode,
                    action.Package.Length > 0
                        ? $"{action.Program} is not there: install it (Debian: apt-get install {action.Package}), or name another in the toolchain."
                        : $"{action.Program} is not there: run morgana depends (or dotnet restore)."
                );

    private void CheckInputs(BuildAction action)
    {
        foreach (string input in action.Inputs)
        {
            if (hashes.Of(input).Length == 0)
            {
                throw new BuildException(
                    action.ErrorCode,
                    $"{Show(input)}, which {action.Id} needs, is not there: restore it (morgana depends), or build anew (morgana clean)."
                );
            }
        }
    }

    private bool IsAsMade(ActionRecord record, string output) =>
        record.Outputs.TryGetValue(output, out string? hash) && hashes.Of(output) == hash;

    /// <summary>What the program read besides its inputs when it last ran, here or, as the cache remembers it, elsewhere.</summary>
    private IReadOnlyList<string> Discovered(
        BuildAction action,
        string program,
        ActionRecord? record
    ) =>
        action.DependencyFile.Length == 0 ? []
        : record?.Discovered is { } here ? here
        :
        [
            .. (cache?.FindNames(ActionKey.Of(action, program, hashes, names).Key) ?? []).Select(
                names.Unmap
            ),
        ];

    private string[] ReadDependencies(BuildAction action)
    {
        string folder = action.WorkingFolder.Length > 0 ? action.WorkingFolder : plan.ProjectFolder;
        return File.Exists(action.DependencyFile)
            ?
            [
                .. DependencyList
                    .Parse(File.ReadAllText(action.DependencyFile))
                    .Select(path => Path.GetFullPath(path, folder))
                    .Except(action.Inputs, StringComparer.Ordinal)
                    .Order(StringComparer.Ordinal),
            ]
            : throw new BuildException(
                action.ErrorCode,
                $"{action.Id} ended well but made no {Show(action.DependencyFile)}."
            );
    }

    private void Keep(BuildAction action, ActionKey key, IReadOnlyList<string> discovered)
    {
        Dictionary<string, string> inputs = [];
        foreach ((string path, string hash) in key.Inputs)
        {
            inputs[path] = hash;
        }

        records.Keep(
            action,
            new ActionRecord(
                key.Key,
                action.Outputs.ToDictionary(path => path, hashes.Of),
                action.DependencyFile.Length == 0 ? null : discovered
            ),
            new ActionDetails(key.Program, key.Command, inputs)
        );
    }

    private string Show(string path)
    {
        string relative = Path.GetRelativePath(plan.ProjectFolder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? names.Map(path) : relative;
    }
}
