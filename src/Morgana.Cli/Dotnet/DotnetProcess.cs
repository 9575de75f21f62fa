using System.Diagnostics;
using Morgana.Build.Execution;

namespace Morgana.Cli.Dotnet;

/// <summary>Runs the <c>dotnet</c> command.</summary>
internal static class DotnetProcess
{
    /// <summary>Runs it to its end.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="arguments">What follows <c>dotnet</c>.</param>
    /// <param name="onLine">Called for each line as it comes, from either stream, one at a time; may be null.</param>
    /// <param name="cancellation">Ends it early, with all its children.</param>
    /// <param name="variables">All of its environment, <c>NAME=VALUE</c>; null for what MSBuild gets.</param>
    public static async Task<DotnetResult> RunAsync(
        string directory,
        IEnumerable<string> arguments,
        Action<string>? onLine,
        CancellationToken cancellation,
        IReadOnlyList<string>? variables = null
    )
    {
        List<string> environment =
        [
            .. variables ?? ProgramEnvironment.ForEvaluation(),
            // Messages are read below, so they must come in one language and without greetings.
            "DOTNET_CLI_UI_LANGUAGE=en",
            "DOTNET_NOLOGO=1",
            "DOTNET_CLI_TELEMETRY_OPTOUT=1",
        ];
        Process started;
        try
        {
            string dotnet = DotnetPath();
            started = ProgramStarter.Start(
                ProgramPath.Find(dotnet) ?? dotnet,
                arguments,
                environment,
                directory
            );
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new CommandException(
                ExitCode.Missing,
                $"The dotnet command cannot be started ({exception.Message}): install the .NET 10 SDK and put it on the PATH."
            );
        }

        using Process process = started;
        List<string> output = [];
        List<string> error = [];
        Lock turn = new();
        process.OutputDataReceived += (_, line) => Take(line.Data, output);
        process.ErrorDataReceived += (_, line) => Take(line.Data, error);
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await process.WaitForExitAsync(cancellation).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new DotnetResult(process.ExitCode, output, error);

        void Take(string? line, List<string> lines)
        {
            if (line is not null)
            {
                lock (turn)
                {
                    lines.Add(line);
                    onLine?.Invoke(line);
                }
            }
        }
    }

    /// <summary>The dotnet that runs the tool itself, so that both are of the same installation.</summary>
    private static string DotnetPath()
    {
        string? host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH");
        string? own = Environment.ProcessPath;
        return !string.IsNullOrEmpty(host) && File.Exists(host) ? host
            : own is not null && Path.GetFileNameWithoutExtension(own) == "dotnet" ? own
            : "dotnet";
    }
}
