using System.Text.Json;
using Morgana.Build.Hashing;
using Morgana.Build.Plans;
using Morgana.Workspace.Resolution;
using Morgana.Workspace.Steps;
using Morgana.Workspace.Toolchains;

namespace Morgana.Sdk.Planning;

/// <summary>
/// What the plan was made from. MSBuild does not tell a task which files it read, so this names more than those: every file of a name that MSBuild, NuGet or the
/// compiler look for, in every folder where they look, whether it is there or not; all of what the SDK is made of; and whole folders for projects that are referred to.
/// Too much costs an evaluation that was not needed; too little would be a wrong image.
/// </summary>
internal static class EvaluationInputs
{
    /// <summary>Looked for in the project's folder and every folder above it.</summary>
    private static readonly string[] AmbientFiles =
    [
        "Directory.Build.props",
        "Directory.Build.targets",
        "Directory.Build.rsp",
        "Directory.Packages.props",
        "Directory.Solution.props",
        "global.json",
        "nuget.config",
        "NuGet.config",
        "NuGet.Config",
        ".editorconfig",
        ".globalconfig",
    ];

    public static Evaluation Of(
        PlanInputs inputs,
        IEnumerable<BuildAction> actions,
        FileHashes hashes
    )
    {
        bool compiles = actions.Any(action => action.Id == CSharpCompile.Id);
        string[] projects = [.. ReferencedProjects(inputs.AssetsFile)];
        SortedSet<string> files = new(StringComparer.Ordinal)
        {
            inputs.ProjectFile,
            inputs.ProjectFile + ".user",
            inputs.TasksAssembly,
            inputs.AssetsFile,
            Path.Combine(inputs.ProjectFolder, "config.cs"),
        };
        files.UnionWith(inputs.Workspace.Declared.Files);
        files.UnionWith(inputs.ImportedFiles.Where(File.Exists).Select(Path.GetFullPath));
        foreach (string name in (string[])["project.props", "context.json", "manifest.json"])
        {
            _ = files.Add(Path.Combine(inputs.ProjectFolder, "morgana", name));
        }

        foreach (string file in Directory.EnumerateFiles(inputs.ProjectFolder, "*.lock.json"))
        {
            _ = files.Add(file);
        }

        string objects = Path.GetDirectoryName(inputs.AssetsFile)!;
        foreach (string kind in (string[])["props", "targets"])
        {
            _ = files.Add(
                Path.Combine(objects, $"{Path.GetFileName(inputs.ProjectFile)}.nuget.g.{kind}")
            );
        }

        foreach (
            string folder in projects
                .Select(path => Path.GetDirectoryName(path)!)
                .Prepend(inputs.ProjectFolder)
        )
        {
            AddAmbient(folder, files);
        }

        foreach (
            Toolchain toolchain in inputs.Workspace.Images.Select(context => context.Toolchain)
        )
        {
            _ = files.Add(toolchain.File);
            _ = files.Add(Path.GetFullPath(Path.Combine(toolchain.Folder, toolchain.PureMembers)));
            // Another archive that comes first would be taken.
            files.UnionWith(toolchain.PureArchivePlaces().TakeWhile(path => !File.Exists(path)));
        }

        foreach (StepRun run in StepRun.Of(inputs.Workspace.Declared))
        {
            files.UnionWith(run.Inputs);
            files.UnionWith(run.Outputs);
        }

        List<SourceTree> trees =
        [
            new SourceTree
            {
                Folder = inputs.ProjectFolder,
                Endings = compiles ? [""] : [".cs"],
                Contents = !compiles,
            },
            new SourceTree
            {
                Folder = Path.Combine(inputs.SdkFolder, "Sdk"),
                Endings = [""],
                Contents = true,
            },
            .. inputs
                .Workspace.Images.Select(context => NativeLayer.Folder(inputs, context))
                .Concat(
                    inputs
                        .Workspace.Images.Select(context => context.Context.Bindings)
                        .Where(folder => folder.Length > 0)
                )
                .Distinct(StringComparer.Ordinal)
                .Select(folder => new SourceTree
                {
                    Folder = folder.TrimEnd(Path.DirectorySeparatorChar),
                    Endings = [".c", ".S", ".lds"],
                    Contents = false,
                }),
            .. inputs
                .Workspace.Toolchains.Places.Select(place => place.Folder)
                .Distinct(StringComparer.Ordinal)
                .Select(folder => new SourceTree
                {
                    Folder = folder.TrimEnd(Path.DirectorySeparatorChar),
                    Endings = [Toolchain.FileName],
                    Contents = true,
                }),
            .. projects
                .Select(path => Path.GetDirectoryName(path)!)
                .Where(folder => !folder.Equals(inputs.ProjectFolder, StringComparison.Ordinal))
                .Distinct(StringComparer.Ordinal)
                .Select(folder => new SourceTree
                {
                    Folder = folder,
                    Endings = [""],
                    Contents = true,
                }),
        ];
        return Evaluation.Take(files, trees, hashes);
    }

    private static void AddAmbient(string folder, SortedSet<string> files)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
        {
            foreach (string name in AmbientFiles)
            {
                _ = files.Add(Path.Combine(at.FullName, name));
            }

            if (at.Exists && at.Parent is not null)
            {
                // What a Directory.Build.props imports from beside it.
                foreach (string pattern in (string[])["*.props", "*.targets"])
                {
                    files.UnionWith(at.EnumerateFiles(pattern).Select(file => file.FullName));
                }
            }
        }
    }

    /// <summary>Full paths of the projects that the project is built with, directly or not; NuGet has listed them.</summary>
    private static IEnumerable<string> ReferencedProjects(string assetsFile)
    {
        if (!File.Exists(assetsFile))
        {
            return [];
        }

        using JsonDocument assets = JsonDocument.Parse(File.ReadAllBytes(assetsFile));
        if (
            !assets.RootElement.TryGetProperty("libraries", out JsonElement libraries)
            || !assets.RootElement.TryGetProperty("project", out JsonElement project)
        )
        {
            return [];
        }

        string folder = Path.GetDirectoryName(
            project.GetProperty("restore").GetProperty("projectPath").GetString()!
        )!;
        return
        [
            .. libraries
                .EnumerateObject()
                .Where(library => library.Value.TryGetProperty("msbuildProject", out _))
                .Select(library =>
                    Path.GetFullPath(
                        library.Value.GetProperty("msbuildProject").GetString()!,
                        folder
                    )
                ),
        ];
    }
}
