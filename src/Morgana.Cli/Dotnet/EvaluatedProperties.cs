using System.Text.Json;
using System.Text.Json.Nodes;

namespace Morgana.Cli.Dotnet;

/// <summary>Asks MSBuild what properties of a project are: only it knows what Directory.Build.props and the like make of them.</summary>
internal static class EvaluatedProperties
{
    /// <summary>The values of properties of a project that has been restored, by name; empty what is not set.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="project">Full path of the project.</param>
    /// <param name="names">The properties, at least two.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="CommandException">The project cannot be evaluated.</exception>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(
        string directory,
        string project,
        IReadOnlyList<string> names,
        CancellationToken cancellation
    )
    {
        DotnetResult result = await DotnetProcess
            .RunAsync(
                directory,
                [
                    "msbuild",
                    Path.GetRelativePath(directory, project),
                    "-nologo",
                    $"-getProperty:{string.Join(',', names)}",
                ],
                null,
                cancellation
            )
            .ConfigureAwait(false);
        string text = string.Join('\n', result.Output);
        try
        {
            if (result.Succeeded)
            {
                JsonObject properties = JsonNode.Parse(text)!["Properties"]!.AsObject();
                return names.ToDictionary(name => name, name => (string?)properties[name] ?? "");
            }
        }
        catch (Exception exception)
            when (exception is JsonException or NullReferenceException or InvalidOperationException)
        {
            // What it printed instead is told below.
        }

        throw new CommandException(
            ExitCode.Failed,
            $"{Path.GetFileName(project)} cannot be evaluated:\n{text}"
        );
    }
}
