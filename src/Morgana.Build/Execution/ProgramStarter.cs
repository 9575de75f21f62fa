using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;

namespace Morgana.Build.Execution;

/// <summary>
/// Starts programs that end with this one, even when it is killed: Linux sends them a signal when the thread that started them is gone, so one thread, which lives as
/// long as the process, starts them all.
/// </summary>
public static class ProgramStarter
{
    // Part of util-linux, which Debian cannot be without.
    private static readonly string? setpriv = OperatingSystem.IsLinux()
        ? ((string[])["/usr/bin/setpriv", "/bin/setpriv"]).FirstOrDefault(File.Exists)
        : null;
    private static readonly BlockingCollection<Action> work = [];
    private static readonly Lazy<Thread> starter = new(() =>
    {
        Thread thread = new(Run) { IsBackground = true, Name = "starts programs" };
        thread.Start();
        return thread;
    });

    /// <summary>Starts a program with just the environment that is given.</summary>
    /// <param name="program">Full path of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">All of its environment, <c>NAME=VALUE</c>; the last of a name counts.</param>
    /// <param name="folder">Where it runs.</param>
    /// <exception cref="Win32Exception">It cannot be started.</exception>
    public static Process Start(
        string program,
        IEnumerable<string> arguments,
        IEnumerable<string> environment,
        string folder
    )
    {
        ArgumentNullException.ThrowIfNull(environment);
        bool guarded = setpriv is not null && File.Exists(program);
        ProcessStartInfo start = new(
            guarded ? setpriv! : program,
            guarded ? ["--pdeathsig", "KILL", "--", program, .. arguments] : arguments
        )
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder,
        };
        start.Environment.Clear();
        foreach (string variable in environment)
        {
            int equals = variable.IndexOf('=', StringComparison.Ordinal);
            start.Environment[variable[..equals]] = variable[(equals + 1)..];
        }

        Process process = new() { StartInfo = start };
        _ = starter.Value;
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            try
            {
                _ = process.Start();
                started.SetResult();
            }
            catch (Exception e) when (e is Win32Exception or InvalidOperationException)
            {
                started.SetException(e);
            }
        });
        started.Task.GetAwaiter().GetResult();
        return process;
    }

    private static void Run()
    {
        foreach (Action start in work.GetConsumingEnumerable())
        {
            start();
        }
    }
}
