using System.Text.Json;
using System.Text.RegularExpressions;
using Morgana.Build.Execution;
using Morgana.Cli.Dotnet;
using Morgana.Cli.Output;
using Morgana.Cli.Projects;
using Morgana.Configuration;
using Morgana.Configuration.Graph;

namespace Morgana.Cli.Configure;

/// <summary>
/// Runs config.cs and reads the graph that it registers. The graph is kept, and config.cs runs again only when it or
/// something it is made from has changed: keys and targets are no reason, because the graph holds all choices.
/// </summary>
internal sealed partial class ConfigProgram(UnikernelFolder folder, Terminal terminal)
{
    /// <summary>Analyzers are for editors and builds: they take three times what the rest of running config.cs takes.</summary>
    private const string NoAnalyzers = "-p:RunAnalyzers=false";

    private readonly GraphCache _cache = new(folder);

    /// <summary>The graph that config.cs registers.</summary>
    /// <exception cref="CommandException">config.cs does not compile, or failed.</exception>
    public async Task<UnikernelGraph> GraphAsync(CancellationToken cancellation) =>
        _cache.Read()
        ?? await terminal
            .Working($"running {folder.ConfigFile}", () => RunAsync(cancellation))
            .ConfigureAwait(false);

    private async Task<UnikernelGraph> RunAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder.CachePath);
        // Each run has a file of its own: two commands at once do not disturb each other.
        string written = Path.Combine(folder.CachePath, $"{Guid.NewGuid():N}.json");
        string before = ConfigInputs.Fingerprint(folder, []);
        try
        {
            DotnetResult result = await DotnetProcess
                .RunAsync(
                    folder.Location,
                    [
                        "run",
                        "--file",
                        folder.ConfigFile,
                        NoAnalyzers,
                        "--",
                        Project.GraphOption,
                        written,
                    ],
                    null,
                    cancellation,
                    [
                        .. ProgramEnvironment.ForEvaluation(),
                        $"{ConfigTargets.Variable}={ConfigTargets.Write(folder)}",
                    ]
                )
                .ConfigureAwait(false);
            if (!result.Succeeded)
            {
                throw new CommandException(ExitCode.Failed, Explain(result));
            }

            if (!File.Exists(written))
            {
                throw new CommandException(
                    ExitCode.Failed,
                    $"{folder.ConfigFile} ran but registered nothing: end it with return Project.Register(..., args);"
                );
            }

            // What config.cs prints is for its author; results of the tool are on the other stream.
            foreach (string line in result.Output.Concat(result.Error))
            {
                await terminal.Error.WriteAsync(line + "\n").ConfigureAwait(false);
            }

            UnikernelGraph graph = UnikernelGraph.FromJson(
                await File.ReadAllTextAsync(written, cancellation).ConfigureAwait(false)
            );
            // A config.cs that was saved while it ran may not be the one that ran.
            if (ConfigInputs.Fingerprint(folder, []) == before)
            {
                _cache.Write(graph);
            }

            return graph;
        }
        catch (JsonException exception)
        {
            throw new CommandException(
                ExitCode.Failed,
                $"{folder.ConfigFile} and this tool do not understand each other: {exception.Message}"
            );
        }
        finally
        {
            File.Delete(written);
        }
    }

    private string Explain(DotnetResult result)
    {
        List<string> all = [.. result.Output, .. result.Error];
        IReadOnlyList<string> errors = BuildMessages.Errors(all, folder.Location);
        if (errors.Count > 0)
        {
            return $"{folder.ConfigFile} does not compile:\n{string.Join('\n', errors)}";
        }

        int thrown = all.FindIndex(line =>
            line.StartsWith("Unhandled exception", StringComparison.Ordinal)
        );
        if (thrown >= 0)
        {
            Match exception = Thrown().Match(all[thrown]);
            string place = all.Skip(thrown)
                .Select(line => Frame().Match(line))
                .Where(frame =>
                    frame.Success
                    && Path.GetFileName(frame.Groups["file"].Value) == folder.ConfigFile
                )
                .Select(frame => $"{folder.ConfigFile}({frame.Groups["line"].Value})")
                .FirstOrDefault(folder.ConfigFile);
            string type = exception.Groups["type"].Value;
            // A mistake that the library has found explains itself; anything else needs its name.
            string message = exception.Groups["message"].Value;
            return type == typeof(ConfigurationException).FullName
                ? $"{place}: error: {message}"
                : $"{place}: error: {type}: {message}\n{string.Join('\n', all.Skip(thrown + 1))}".TrimEnd();
        }

        return $"{folder.ConfigFile} failed with exit code {result.ExitCode}:\n{string.Join('\n', all)}".TrimEnd();
    }

    [GeneratedRegex(
        @"^Unhandled exception\. (?<type>[\w.]+)(: (?<message>.*))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Thrown();

    [GeneratedRegex(
        @" in (?<file>.+):line (?<line>\d+)$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Frame();
}
