using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Morgana.Build.Execution;
using Morgana.Workspace;

namespace Morgana.Sdk;

/// <summary>What the SDK's tasks have in common: errors as MSBuild shows them, and cancellation.</summary>
public abstract class SdkTask : Microsoft.Build.Utilities.Task, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancelled = new();

    /// <summary>Set when the user stops the build.</summary>
    protected CancellationToken Cancelled => _cancelled.Token;

    /// <inheritdoc/>
    public void Cancel() => _cancelled.Cancel();

    /// <inheritdoc/>
    public override bool Execute()
    {
        try
        {
            Work();
        }
        catch (SdkException e)
        {
            Log.LogError(null, e.Code, null, null, 0, 0, 0, 0, "{0}", e.Message);
        }
        catch (WorkspaceException e)
        {
            foreach (WorkspaceMistake mistake in e.Mistakes)
            {
                LogMistake(mistake);
            }
        }
        catch (OperationCanceledException)
        {
            Log.LogError(null, "MORGANA003", null, null, 0, 0, 0, 0, "The build was stopped.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.LogError(
                null,
                "MORGANA004",
                null,
                null,
                0,
                0,
                0,
                0,
                "{0}. Make the folder writable, or free space on its disk, and build again.",
                e.Message.TrimEnd('.')
            );
        }

        return !Log.HasLoggedErrors;
    }

    /// <summary>An error with its place, as IDEs and the tool read it.</summary>
    protected void LogMistake(WorkspaceMistake mistake)
    {
        ArgumentNullException.ThrowIfNull(mistake);
        Log.LogError(
            null,
            mistake.Code,
            null,
            mistake.File.Length > 0 ? mistake.File : null,
            mistake.Line,
            0,
            0,
            0,
            "{0}",
            mistake.Message
        );
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cancelled.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Does the task's work.</summary>
    protected abstract void Work();

    /// <summary>Runs a program to its end, with the short environment of a build's programs; its command goes to the log.</summary>
    /// <returns>What it printed.</returns>
    /// <exception cref="SdkException">It could not be started, or failed; with what it printed.</exception>
    protected string Run(
        string program,
        IReadOnlyList<string> arguments,
        string code,
        string package,
        IReadOnlyList<string> environment
    )
    {
        string path =
            ProgramPath.Find(program)
            ?? throw new SdkException(
                code,
                $"{program} is not there: install it (Debian: apt-get install {package}), or name another in the toolchain."
            );
        Log.LogMessage(MessageImportance.Normal, "{0} {1}", path, string.Join(' ', arguments));
        (int exitCode, string printed) = ChildProcess
            .RunAsync(
                path,
                arguments,
                ProgramEnvironment.ForActions(environment),
                Environment.CurrentDirectory,
                Cancelled
            )
            .GetAwaiter()
            .GetResult();
        return exitCode == 0
            ? printed
            : throw new SdkException(code, $"{Path.GetFileName(program)} failed:\n{printed}");
    }
}
