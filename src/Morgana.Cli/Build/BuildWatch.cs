using System.Threading.Channels;
using Morgana.Build.Observation;
using Morgana.Build.Plans;
using Morgana.Cli.Commands;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Configuration.Generation;

namespace Morgana.Cli.Build;

/// <summary><c>morgana build --watch</c>: builds again whenever a source changes, and with <c>--run</c> runs what was built.</summary>
internal sealed class BuildWatch(
    Terminal terminal,
    UnikernelFolder folder,
    BuildRequest request,
    IReadOnlyList<string>? runArguments
)
{
    /// <summary>An editor writes several files, or one in several steps: the build begins when it has been quiet for so long.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(150);

    private readonly Channel<string> changes = Channel.CreateUnbounded<string>();

    /// <summary>Watches until it is stopped.</summary>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        List<FileSystemWatcher> watchers = [];
        WatchedRun? running = null;
        string[] watched = [];
        try
        {
            while (true)
            {
                // Before the build: what is edited while it runs is built next.
                string[] folders = [.. Folders()];
                if (!folders.SequenceEqual(watched))
                {
                    watchers.ForEach(watcher => watcher.Dispose());
                    watchers = [.. folders.Select(Watch)];
                    watched = folders;
                }

                if (await TryBuildAsync(cancellation).ConfigureAwait(false))
                {
                    if (runArguments is not null)
                    {
                        if (running is not null)
                        {
                            await running.StopAsync().ConfigureAwait(false);
                        }

                        running = WatchedRun.Start(folder.Location, runArguments, terminal);
                    }

                    if (!Folders().SequenceEqual(watched))
                    {
                        // The first build has told which other folders there are.
                        continue;
                    }
                }

                string changed = await NextChangeAsync(cancellation).ConfigureAwait(false);
                await terminal
                    .Error.WriteAsync(
                        $"  {Path.GetRelativePath(folder.Location, changed)} changed\n"
                    )
                    .ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Stopped;
        }
        finally
        {
            watchers.ForEach(watcher => watcher.Dispose());
            if (running is not null)
            {
                await running.StopAsync().ConfigureAwait(false);
            }
        }
    }

    /// <summary>The unikernel's folder and those of the projects and the native layer that its plan was made from.</summary>
    private IEnumerable<string> Folders()
    {
        IEnumerable<string> others = BuildPlan.TryRead(folder.CachePath) is { } plan
            ? plan.Folders.Append(Repository.RootOf(folder.Location))
            : [];
        string[] all =
        [
            .. others
                .Prepend(folder.Location)
                .Where(Directory.Exists)
                .Distinct(StringComparer.Ordinal),
        ];
        return all.Where(path =>
                !all.Any(above =>
                    path.StartsWith(above + Path.DirectorySeparatorChar, StringComparison.Ordinal)
                )
            )
            .Order(StringComparer.Ordinal);
    }

    private FileSystemWatcher Watch(string path)
    {
        FileSystemWatcher watcher = new(path) { IncludeSubdirectories = true };
        watcher.Changed += (_, change) => Note(path, change.FullPath);
        watcher.Created += (_, change) => Note(path, change.FullPath);
        watcher.Deleted += (_, change) => Note(path, change.FullPath);
        watcher.Renamed += (_, change) => Note(path, change.FullPath);
        // Too many at once: something has changed, whatever it was.
        watcher.Error += (_, _) => changes.Writer.TryWrite(path);
        watcher.EnableRaisingEvents = true;
        return watcher;
    }

    private void Note(string root, string path)
    {
        if (IsSource(Path.GetRelativePath(root, path)) && !Directory.Exists(path))
        {
            _ = changes.Writer.TryWrite(path);
        }
    }

    /// <summary>What builds write themselves, and what editors keep beside a file while they save it, is no reason to build.</summary>
    internal static bool IsSource(string relative)
    {
        string[] parts = relative.Split(
            Path.DirectorySeparatorChar,
            Path.AltDirectorySeparatorChar
        );
        return !parts.Any(part =>
                part.Length == 0
                || part[0] is '.' or '#'
                || part is "bin" or "obj" or "dist" or "artifacts" or "node_modules"
            )
            && !parts[^1].EndsWith('~')
            && !parts[^1].EndsWith(".tmp", StringComparison.OrdinalIgnoreCase)
            && !parts[^1].EndsWith(".lock.json", StringComparison.OrdinalIgnoreCase);
    }

    private async Task<string> NextChangeAsync(CancellationToken cancellation)
    {
        string first = await changes.Reader.ReadAsync(cancellation).ConfigureAwait(false);
        while (true)
        {
            using CancellationTokenSource quiet = CancellationTokenSource.CreateLinkedTokenSource(
                cancellation
            );
            quiet.CancelAfter(Quiet);
            try
            {
                _ = await changes.Reader.ReadAsync(quiet.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return first;
            }
        }
    }

    private async Task<bool> TryBuildAsync(CancellationToken cancellation)
    {
        try
        {
            await ReconfigureAsync(cancellation).ConfigureAwait(false);
            await BuildCommand
                .BuildOnceAsync(terminal, folder, request, cancellation)
                .ConfigureAwait(false);
            return true;
        }
        catch (CommandException exception)
        {
            // What runs goes on to run: it is the last that was good.
            await terminal
                .Error.WriteAsync($"morgana: {exception.Message}\n  waiting for a change\n")
                .ConfigureAwait(false);
            return false;
        }
        catch (IOException exception)
        {
            await terminal
                .Error.WriteAsync(
                    $"morgana: {exception.Message.TrimEnd('.')}. Make that place writable, or free space on its disk.\n  waiting for a change\n"
                )
                .ConfigureAwait(false);
            return false;
        }
    }

    /// <summary>config.cs, or a file that it reads, has changed: what is generated from it is made anew, with the options of last time.</summary>
    private async Task ReconfigureAsync(CancellationToken cancellation)
    {
        if (folder.ReadContext() is not { } context)
        {
            return;
        }

        string? changed = context
            .Inputs.Where(input => !IsAsItWas(input.Key, input.Value))
            .Select(input => input.Key)
            .FirstOrDefault();
        if (changed is null)
        {
            return;
        }

        await terminal
            .Error.WriteAsync(
                $"  {changed} has changed: {UnikernelFolder.ConfigureCommand(context)}\n"
            )
            .ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        int exit = await Application
            .RunAsync(["-C", folder.Location, .. UnikernelFolder.ConfigureWords(context)], terminal)
            .ConfigureAwait(false);
        if (exit != ExitCode.Done)
        {
            throw new CommandException(exit, $"{changed} cannot be used yet.");
        }
    }

    private bool IsAsItWas(string file, string hash)
    {
        string path = Path.Combine(folder.Location, file);
        return File.Exists(path) && SavedContext.Hash(File.ReadAllBytes(path)) == hash;
    }
}
