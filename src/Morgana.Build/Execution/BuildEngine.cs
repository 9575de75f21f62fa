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
    /// <summary>How often an action runs whose inputs change meanwhile.</summary>
    private const int MostAttempts = 5;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
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

        string reason = Explanation.Of(action, key, record, Show);
        records.Forget(action.Id);
        bool cached = action.Kind is not (ActionKind.Copy or ActionKind.Manifest);
        if (cached && cache?.TryRestore(key.Key, action.Outputs) == true)
        {
            _ = Keep(action, key, discovered);
            Report(ActionOutcome.Restored, reason, "");
            return true;
        }

        lock (gate)
        {
            reporter.Starting(action);
        }

        string printed;
        for (int attempt = 1; ; attempt++)
        {
            DateTime began = DateTime.UtcNow;
            (int exitCode, printed) = await RunAsync(action, program, stop).ConfigureAwait(false);
            if (exitCode != 0)
            {
                Report(ActionOutcome.Failed, reason, printed);
                await failed.CancelAsync().ConfigureAwait(false);
                return false;
            }

            string? missing = action.Outputs.FirstOrDefault(output => !File.Exists(output));
            if (missing is not null)
            {
                throw new BuildException(
                    action.ErrorCode,
                    $"{action.Id} ended well but made no {Show(missing)}. {printed}".TrimEnd()
                );
            }

            IReadOnlyList<string> read = [];
            if (action.DependencyFile.Length > 0)
            {
                (read, discovered) = ReadDependencies(action);
            }

            // What is recorded and stored is what is compared here with what was there before the program began.
            ActionKey after = ActionKey.Of(action, program, hashes, names, discovered);
            string? edited =
                FirstEdited(key, after, read, began)
                ?? (after.Program == key.Program ? null : program);
            key = after;
            if (edited is null)
            {
                break;
            }

            // It may have read one half before the edit and the other half after it: what it made belongs to no state of the sources.
            if (attempt == MostAttempts)
            {
                throw new BuildException(
                    action.ErrorCode,
                    $"{Show(edited)} was changed while {action.Id} read it, {MostAttempts} times: build again when it is left alone."
                );
            }

            reason = $"{Show(edited)} was changed while it was read";
        }

        if (action.DependencyFile.Length > 0)
        {
            cache?.StoreNames(
                ActionKey.Of(action, program, hashes, names).Key,
                [.. discovered.Select(names.Map)]
            );
        }

        IReadOnlyList<string> made = Keep(action, key, discovered);
        if (cached)
        {
            cache?.Store(key.Key, action.Outputs, made);
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

    private Task<(int ExitCode, string Output)> RunAsync(
        BuildAction action,
        string program,
        CancellationToken stop
    )
    {
        foreach (string output in action.Outputs)
        {
            _ = Directory.CreateDirectory(Path.GetDirectoryName(output)!);
        }

        if (action.Program.Length > 0)
        {
            return RunProgramAsync(action, program, stop);
        }

        return Task.FromResult((0, EngineAction.Run(action)));
    }

    /// <summary>The first input that was not the same all the time while a program ran; null when all were.</summary>
    /// <param name="before">The inputs that were known before it ran.</param>
    /// <param name="after">The inputs as they are now, with those that it told about.</param>
    /// <param name="read">Those that it told about and has really read.</param>
    /// <param name="began">When it began.</param>
    private static string? FirstEdited(
        ActionKey before,
        ActionKey after,
        IReadOnlyList<string> read,
        DateTime began
    )
    {
        Dictionary<string, ObservedFile> known = new(StringComparer.Ordinal);
        foreach (ObservedFile input in before.Inputs)
        {
            known[input.Path] = input;
        }

        foreach (ObservedFile input in after.Inputs)
        {
            bool same =
                known.TryGetValue(input.Path, out ObservedFile earlier)
                    ? input.Hash == earlier.Hash
                        && (earlier.Stamp is null || input.Stamp == earlier.Stamp)
                // Not known before: its times tell. Clocks of file systems tick every few milliseconds: what changed just before counts as changed.
                : input.Hash.Length == 0 ? !read.Contains(input.Path, StringComparer.Ordinal)
                : input.Stamp is { } stamp
                    && stamp.Changed < (began - DateTime.UnixEpoch - Tick).Ticks * 100;
            if (!same)
            {
                return input.Path;
            }
        }

        return null;
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

        if (options.Runner is { } runner)
        {
            return runner(action, stop);
        }

        return ChildProcess.RunAsync(
            program,
            action.Arguments,
            ProgramEnvironment.ForActions(action.Environment),
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

    /// <summary>What the program has read besides its inputs; and the same with the places where it looked in vain.</summary>
    private (IReadOnlyList<string> Read, IReadOnlyList<string> All) ReadDependencies(
        BuildAction action
    )
    {
        string folder = action.WorkingFolder.Length > 0 ? action.WorkingFolder : plan.ProjectFolder;
        if (!File.Exists(action.DependencyFile))
        {
            throw new BuildException(
                action.ErrorCode,
                $"{action.Id} ended well but made no {Show(action.DependencyFile)}."
            );
        }

        string[] read =
        [
            .. DependencyList
                .Parse(File.ReadAllText(action.DependencyFile))
                .Select(path => Path.GetFullPath(path, folder))
                .Except(action.Inputs, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        return action.Kind == ActionKind.Native
            ? (read, [.. read, .. HeaderSearch.Places(action, read, folder)])
            : (read, read);
    }

    /// <summary>Records an action, and answers the hashes of its outputs.</summary>
    private string[] Keep(BuildAction action, ActionKey key, IReadOnlyList<string> discovered)
    {
        Dictionary<string, string> inputs = new(StringComparer.Ordinal);
        foreach ((string path, string hash, _) in key.Inputs)
        {
            inputs[path] = hash;
        }

        string[] made = [.. action.Outputs.Select(hashes.Of)];
        Dictionary<string, string> outputs = new(StringComparer.Ordinal);
        for (int i = 0; i < made.Length; i++)
        {
            outputs[action.Outputs[i]] = made[i];
        }

        records.Keep(
            action,
            new ActionRecord(
                key.Key,
                key.Program,
                key.Command,
                inputs,
                outputs,
                action.DependencyFile.Length == 0 ? null : discovered
            )
        );
        return made;
    }

    private string Show(string path)
    {
        string relative = Path.GetRelativePath(plan.ProjectFolder, path);
        return relative.StartsWith("..", StringComparison.Ordinal) ? names.Map(path) : relative;
    }
}
