using Morgana.Cli.Dotnet;
using Morgana.Cli.Needs.Locks;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;

namespace Morgana.Cli.Needs;

/// <summary>Lets NuGet restore the packages of a unikernel's project.</summary>
internal sealed class Restoring(UnikernelFolder folder, Terminal terminal, bool verbose)
{
    /// <summary>Restores a project.</summary>
    /// <param name="project">Full path of the project.</param>
    /// <param name="lockFile">Full path of its lock file.</param>
    /// <param name="use">What is made of that file.</param>
    /// <param name="vendored">Whether sources in vendor/ take the place of packages.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">A package cannot be had, or the lock is stale.</exception>
    public async Task RunAsync(
        string project,
        string lockFile,
        LockUse use,
        bool vendored,
        CancellationToken cancellation
    )
    {
        // Morgana's own names: these properties reach the projects that this one refers to as well, and NuGet's would mislead them.
        string[] arguments =
        [
            "restore",
            Path.GetRelativePath(folder.Location, project),
            "-nologo",
            $"-p:MorganaLocked={(use == LockUse.Hold ? "true" : "false")}",
            $"-p:MorganaVendor={(vendored ? "true" : "false")}",
            .. use == LockUse.Renew ? (string[])["--force-evaluate"] : [],
        ];
        DotnetResult result = await terminal
            .Working(
                "restoring packages",
                () =>
                    DotnetProcess.RunAsync(
                        folder.Location,
                        arguments,
                        verbose ? line => terminal.Error.Write(line + "\n") : null,
                        cancellation
                    )
            )
            .ConfigureAwait(false);
        if (result.Succeeded)
        {
            return;
        }

        List<string> lines = [.. result.Output, .. result.Error];
        if (
            RestoreFailure.Explain(lines, folder.Location, Path.GetFileName(lockFile)) is
            { } failure
        )
        {
            throw failure;
        }

        IReadOnlyList<string> errors = BuildMessages.Errors(lines, folder.Location);
        throw new CommandException(
            ExitCode.Missing,
            $"The packages could not be restored.\n{string.Join('\n', errors.Count > 0 ? errors : lines)}"
        );
    }
}
