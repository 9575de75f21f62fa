using System.Diagnostics;
using Morgana.Cli.Output;
using Morgana.Cli.Run;
using Morgana.Cli.Run.Kernel;

namespace Morgana.Cli.Build;

/// <summary>A <c>morgana run</c> that is started again after each good build.</summary>
internal sealed class WatchedRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Process process;

    private WatchedRun(Process process) => this.process = process;

    /// <summary>Starts it, on this process's own streams.</summary>
    public static WatchedRun Start(
        string folder,
        IReadOnlyList<string> arguments,
        Terminal terminal
    )
    {
        IReadOnlyList<string> program = ToolProgram.Words;
        ProcessStartInfo start = new(program[0], [.. program.Skip(1), "run", .. arguments])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
        };
        terminal.Error.Write($"  morgana run {string.Join(' ', arguments)}\n");
        return new WatchedRun(
            Process.Start(start)
                ?? throw new CommandException(ExitCode.Failed, $"{program[0]} cannot be started.")
        );
    }

    /// <summary>Asks it to end, and ends it when it does not.</summary>
    public async Task StopAsync()
    {
        using (process)
        {
            if (process.HasExited)
            {
                return;
            }

            if (OperatingSystem.IsWindows())
            {
                process.Kill(entireProcessTree: true);
            }
            else
            {
                _ = Syscalls.Signal(process.Id, Syscalls.SignalTerminate);
            }

            using CancellationTokenSource patience = new(Patience);
            try
            {
                await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync().ConfigureAwait(false);
            }
        }
    }
}
