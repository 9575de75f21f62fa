using Morgana.Cli.Needs.Locks;
using Morgana.Cli.Output;

namespace Morgana.Cli.Needs;

/// <summary>Restores packages with a lock that moves no more than it must, and stays as it was when the restore fails.</summary>
internal sealed class LockedRestore(Restoring restoring)
{
    /// <summary>Restores a project.</summary>
    /// <inheritdoc cref="Restoring.RunAsync"/>
    public Task RunAsync(
        string project,
        string lockFile,
        LockUse use,
        bool vendored,
        CancellationToken cancellation
    ) =>
        LockGuard.RunAsync(
            lockFile,
            async () =>
            {
                string? before =
                    use == LockUse.Adjust && File.Exists(lockFile)
                        ? await File.ReadAllTextAsync(lockFile, cancellation).ConfigureAwait(false)
                        : null;
                await restoring
                    .RunAsync(project, lockFile, use, vendored, cancellation)
                    .ConfigureAwait(false);
                string after = File.Exists(lockFile)
                    ? await File.ReadAllTextAsync(lockFile, cancellation).ConfigureAwait(false)
                    : "";
                if (
                    before is null
                    || before == after
                    || LockMerge.Merge(before, after) is not { } merged
                )
                {
                    return;
                }

                try
                {
                    // NuGet has the last word on whether the versions of before still go together.
                    await PlacedFile
                        .WriteAsync(lockFile, merged, cancellation)
                        .ConfigureAwait(false);
                    await restoring
                        .RunAsync(project, lockFile, LockUse.Hold, vendored, cancellation)
                        .ConfigureAwait(false);
                }
                catch (CommandException)
                {
                    await PlacedFile
                        .WriteAsync(lockFile, after, cancellation)
                        .ConfigureAwait(false);
                    await restoring
                        .RunAsync(project, lockFile, LockUse.Hold, vendored, cancellation)
                        .ConfigureAwait(false);
                }
            }
        );
}
