using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Morgana.Build.Execution;

/// <summary>Runs a program to its end, without a shell, and keeps what it prints.</summary>
internal static class ChildProcess
{
    /// <summary>Runs it, with just the environment that is given. When <paramref name="cancelled"/> is set the program is killed, with all that it started.</summary>
    /// <exception cref="BuildException">It cannot be started.</exception>
    /// <exception cref="OperationCanceledException">It was killed.</exception>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string program,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> environment,
        string folder,
        CancellationToken cancelled
    )
    {
        cancelled.ThrowIfCancellationRequested();
        Process started;
        try
        {
            started = ProgramStarter.Start(program, arguments, environment, folder);
        }
        catch (Win32Exception e)
        {
            throw new BuildException("", $"{program} cannot be started: {e.Message}");
        }

        using Process process = started;
        StringBuilder output = new();
        process.OutputDataReceived += Append;
        process.ErrorDataReceived += Append;
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancelled).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            throw;
        }

        lock (output)
        {
            return (process.ExitCode, output.ToString().TrimEnd());
        }

        void Append(object sender, DataReceivedEventArgs line)
        {
            if (line.Data is not null)
            {
                lock (output)
                {
                    _ = output.Append(line.Data).Append('\n');
                }
            }
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        catch (Exception e)
            when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended by itself meanwhile.
        }
    }
}
