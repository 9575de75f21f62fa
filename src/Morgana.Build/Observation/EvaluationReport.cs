using System.Text.RegularExpressions;

namespace Morgana.Build.Observation;

/// <summary>What MSBuild said about an evaluation, through the logger in Morgana.Build.Observer.</summary>
public sealed partial class EvaluationReport
{
    /// <summary>Tasks that read no sources, whoever calls them.</summary>
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "AssignTargetPath",
        "CallTarget",
        "CombinePath",
        "CreateItem",
        "CreateProperty",
        "Error",
        "FindUnderPath",
        "MakeDir",
        "Message",
        "RemoveDuplicates",
        "Warning",
    };

    /// <summary>Files that projects import, and the projects.</summary>
    public required IReadOnlyList<string> Imports { get; init; }

    /// <summary>Why an edit of a source cannot be known to be the compiler's business alone; empty when it can.</summary>
    public required string Opaque { get; init; }

    /// <summary>Whether the projects speak of folders called bin or obj: then these may hold sources.</summary>
    public required bool Everywhere { get; init; }

    /// <summary>Full paths of the folders of projects and of what they import.</summary>
    public required IReadOnlyList<string> ProjectFolders { get; init; }

    /// <summary>Full paths of files that property functions read, there or not, as far as their names can be told.</summary>
    public required IReadOnlyList<string> Reads { get; init; }

    /// <summary>A property function that reads a file of which the place cannot be told; empty for none.</summary>
    public required string Unresolved { get; init; }

    /// <summary>Reads a report.</summary>
    /// <param name="path">The logger's file.</param>
    /// <param name="sealedFolders">Folders whose MSBuild files are known: .NET's, Morgana's own, those that a build made.</param>
    /// <returns>Null when it is not there or cut off.</returns>
    public static EvaluationReport? Read(string path, IReadOnlyList<string> sealedFolders)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        string[] lines = File.ReadAllLines(path);
        if (lines is not [.., "end"])
        {
            return null;
        }

        SortedSet<string> imports = new(StringComparer.Ordinal);
        SortedSet<string> folders = new(StringComparer.Ordinal);
        string opaque = "";
        foreach (string line in lines)
        {
            string[] words = line.Split(' ', 2);
            switch (words)
            {
                case ["project", string project] when Path.IsPathRooted(project):
                    _ = imports.Add(project);
                    _ = folders.Add(Path.GetDirectoryName(project)!);
                    break;
                case ["import", string import]:
                    _ = imports.Add(import);
                    break;
                case ["task", string task]:
                    string[] parts = task.Split(' ', 2);
                    if (
                        parts.Length == 2
                        && !Harmless.Contains(parts[0])
                        && !IsSealed(parts[1])
                        && opaque.Length == 0
                    )
                    {
                        opaque =
                            $"the task {parts[0]} of {parts[1]} may read any source, so MSBuild is asked after every edit";
                    }

                    break;
            }
        }

        bool everywhere = false;
        string unresolved = "";
        string[] projects = [.. folders];
        SortedSet<string> reads = new(StringComparer.Ordinal);
        foreach (string import in imports.Where(import => !IsSealed(import) && File.Exists(import)))
        {
            _ = folders.Add(Path.GetDirectoryName(import)!);
            string text = File.ReadAllText(import);
            everywhere |= Outputs().IsMatch(text);
            foreach (Match match in Reading().Matches(text))
            {
                // The name at the end of what is read; one that only an evaluation knows may be a source.
                string name = match.Groups["argument"].Value.Trim().Trim('\'', '"', '`');
                string[] places =
                [
                    .. projects.Select(project =>
                        Place(name, Path.GetDirectoryName(import)!, project)
                    ),
                ];
                if (places.All(place => place.Length > 0))
                {
                    reads.UnionWith(places);
                }
                else if (unresolved.Length == 0)
                {
                    unresolved = $"a property of {import} reads {name}";
                }

                if (opaque.Length == 0 && !LiteralName().IsMatch(name))
                {
                    opaque =
                        $"a property of {import} reads a file that may be a source, so MSBuild is asked after every edit";
                }
            }
        }

        return new EvaluationReport
        {
            Imports = [.. imports],
            Opaque = opaque,
            Everywhere = everywhere,
            ProjectFolders = [.. folders.Where(folder => !IsSealed(folder))],
            Reads = [.. reads],
            Unresolved = unresolved,
        };

        bool IsSealed(string file) => sealedFolders.Any(folder => Repository.IsIn(file, folder));
    }

    /// <summary>The full path of what a property function names; empty when only an evaluation knows it.</summary>
    private static string Place(string name, string importFolder, string projectFolder)
    {
        string path = name.Replace(
                "$(MSBuildThisFileDirectory)",
                importFolder + "/",
                StringComparison.OrdinalIgnoreCase
            )
            .Replace(
                "$(MSBuildProjectDirectory)",
                projectFolder,
                StringComparison.OrdinalIgnoreCase
            )
            .Replace('\\', '/');
        return path.AsSpan().IndexOfAny("$@%[") >= 0 || path.Length == 0
            ? ""
            : Path.GetFullPath(path, projectFolder);
    }

    [GeneratedRegex(
        @"(?<![A-Za-z0-9_$(])(bin|obj|artifacts)[\\/]",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Outputs();

    [GeneratedRegex(
        @"\[System\.IO\.(File|StreamReader|Directory)\]::(Read\w*|Open\w*|GetFiles|EnumerateFiles)\((?<argument>(?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Reading();

    /// <summary>A last part of a path that stands there as it is, and is no source's.</summary>
    [GeneratedRegex(
        @"(^|[\\/)'""`])(?!.*\.(cs|c|h|S)$)[A-Za-z0-9_.-]+$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture
    )]
    private static partial Regex LiteralName();
}
