using System.ComponentModel;
using System.Diagnostics;
using Morgana.Cli.Dotnet;
using Morgana.Cli.Run.Namespaces;
using Morgana.Cli.Run.Reporting;
using Morgana.Configuration;

namespace Morgana.Cli.Run;

/// <summary>One run of an image that no tender of ours loads: an ordinary program, or a target's own command.</summary>
internal sealed class ProcessSession(RunOptions options, RunTarget target, IRunReporter reporter)
{
    private const int Terminated = 128 + 15;

    /// <summary>Runs it and returns its exit code.</summary>
    /// <exception cref="RunException">The run is refused.</exception>
    public async Task<int> RunAsync()
    {
        using SignalForwarding signals = new();
        IReadOnlyList<string> command =
            options.Debug
                ? ProcessCommand.Direct(
                    await BuildForDebuggerAsync().ConfigureAwait(false),
                    options
                )
            : target.Target.Run.Method == RunMethod.Command
                ? ProcessCommand.Own(target.Target.Run, target.Image, options)
            : ProcessCommand.Direct([Path.GetFullPath(target.Image)], options);
        if (options.ShowCommand)
        {
            reporter.Command(command);
        }

        if (signals.Stopped)
        {
            return Terminated;
        }

        using Process process = new();
        process.StartInfo = new ProcessStartInfo(command[0], command.Skip(1))
        {
            UseShellExecute = false,
        };
        long start = Stopwatch.GetTimestamp();
        try
        {
            process.Start();
        }
        catch (Win32Exception exception)
        {
            throw new RunException($"{command[0]} cannot be started: {exception.Message}.");
        }

        signals.Attach(process);
        reporter.Started(
            new StartedRun(
                options.Debug ? command[1] : target.Image,
                process.Id,
                null,
                false,
                "",
                options.Ports
            )
        );
        await process.WaitForExitAsync().ConfigureAwait(false);
        reporter.Exited(process.ExitCode, signals.Stopped, Stopwatch.GetElapsedTime(start));
        return process.ExitCode;
    }

    /// <summary>Builds the program as ordinary .NET, unoptimised.</summary>
    /// <returns>The words that start it.</returns>
    private async Task<IReadOnlyList<string>> BuildForDebuggerAsync()
    {
        if (!target.Target.RunsOnDotnet)
        {
            throw new RunException(
                $"Only targets that are ordinary processes can be debugged, and {target.Target} is none: run with -t {Target.Unix} --debug."
            );
        }

        DotnetResult result = await DotnetProcess
            .RunAsync(
                Environment.CurrentDirectory,
                [
                    "build",
                    "--configuration",
                    "Debug",
                    "-p:MorganaImages=false",
                    "-nologo",
                    "-v:minimal",
                    "-tl:off",
                    "-clp:NoSummary",
                ],
                null,
                CancellationToken.None
            )
            .ConfigureAwait(false);
        if (!result.Succeeded)
        {
            IReadOnlyList<string> errors = BuildMessages.Errors(
                [.. result.Output, .. result.Error],
                Environment.CurrentDirectory
            );
            throw new RunException(
                $"It does not build:\n{string.Join('\n', errors.Count > 0 ? errors : result.Output)}"
            );
        }

        string[] programs = Directory.Exists(Path.Combine("bin", "Debug"))
            ?
            [
                .. Directory
                    .EnumerateFiles(
                        Path.Combine("bin", "Debug"),
                        $"{target.Name}.dll",
                        SearchOption.AllDirectories
                    )
                    .Where(path => File.Exists(Path.ChangeExtension(path, ".runtimeconfig.json"))),
            ]
            : [];
        return programs is [string program, ..]
            ? ["dotnet", program]
            : throw new RunException(
                $"dotnet build ended well but left no bin/Debug/.../{target.Name}.dll: is that the name of the project?"
            );
    }
}
