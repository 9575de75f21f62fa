using System.Text.Json;
using System.Text.Json.Nodes;
using Morgana.Cli.Dotnet;

namespace Morgana.Cli.Needs.Vendoring;

/// <summary>The sources that a project file takes: in a repository, or in a package that carries its own project.</summary>
internal static class ProjectSources
{
    private static readonly string[] Taken =
    [
        "AllowUnsafeBlocks",
        "CheckForOverflowUnderflow",
        "DefineConstants",
        "ImplicitUsings",
        "LangVersion",
        "Nullable",
        "RootNamespace",
    ];

    /// <summary>Asks MSBuild what a project compiles.</summary>
    /// <param name="root">Full path of the folder that all of it must be in.</param>
    /// <param name="project">Full path of the project.</param>
    /// <param name="framework">The framework to ask for.</param>
    /// <param name="directory">A folder to run in, whose global.json holds.</param>
    /// <param name="cancellation">Ends it early.</param>
    /// <exception cref="SourcesException">The project cannot be evaluated, or takes files from elsewhere.</exception>
    public static async Task<(
        IReadOnlyList<SourceFile> Files,
        SortedDictionary<string, string> Properties,
        IReadOnlyList<string> Usings
    )> ReadAsync(
        string root,
        string project,
        string framework,
        string directory,
        CancellationToken cancellation
    )
    {
        DotnetResult result = await DotnetProcess
            .RunAsync(
                directory,
                [
                    "msbuild",
                    project,
                    "-nologo",
                    "-p:Configuration=Release",
                    $"-p:TargetFramework={framework}",
                    $"-getProperty:{string.Join(',', Taken)}",
                    "-getItem:Compile,Using",
                ],
                null,
                cancellation
            )
            .ConfigureAwait(false);
        JsonNode? answer = null;
        try
        {
            answer = result.Succeeded ? JsonNode.Parse(string.Join('\n', result.Output)) : null;
        }
        catch (JsonException)
        {
            // It said something else; what, follows.
        }

        if (answer is null)
        {
            throw new SourcesException(
                $"has the project {Path.GetRelativePath(root, project)}, which cannot be evaluated: {result.Output.Concat(result.Error).FirstOrDefault(l => l.Contains("error", StringComparison.Ordinal))?.Trim()}"
            );
        }

        string home = Path.GetDirectoryName(project)! + Path.DirectorySeparatorChar;
        List<SourceFile> files = [];
        foreach (JsonNode? item in answer["Items"]!["Compile"]!.AsArray())
        {
            string path = Path.GetFullPath((string)item!["FullPath"]!);
            if (!path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                throw new SourcesException(
                    $"has a project that compiles {path}, outside its repository"
                );
            }

            string relative = path.StartsWith(home, StringComparison.Ordinal)
                ? path[home.Length..]
                : "shared/" + Path.GetRelativePath(root, path);
            files.Add(
                new SourceFile(
                    relative.Replace(Path.DirectorySeparatorChar, '/'),
                    await File.ReadAllBytesAsync(path, cancellation).ConfigureAwait(false)
                )
            );
        }

        if (files.Count == 0)
        {
            throw new SourcesException(
                $"has the project {Path.GetRelativePath(root, project)}, which compiles nothing"
            );
        }

        SortedDictionary<string, string> properties = new(StringComparer.Ordinal);
        foreach (string name in Taken)
        {
            if ((string?)answer["Properties"]![name] is { Length: > 0 } value)
            {
                properties[name] = value;
            }
        }

        properties["DisableImplicitFrameworkDefines"] = "true";
        properties["DisableImplicitConfigurationDefines"] = "true";
        return (
            files,
            properties,
            [.. answer["Items"]!["Using"]!.AsArray().Select(u => (string)u!["Identity"]!)]
        );
    }
}
