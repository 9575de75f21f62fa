using Microsoft.Build.Framework;

namespace Morgana.Sdk;

/// <summary>The programs of the workspace that run during the build, as MSBuild has built them.</summary>
internal static class StepPrograms
{
    /// <summary>The assembly that a project was built to.</summary>
    /// <param name="assemblies">What MSBuild built, each with the project that it comes from.</param>
    /// <param name="project">Full path of the project.</param>
    public static string Find(IEnumerable<ITaskItem> assemblies, string project) =>
        assemblies
            .FirstOrDefault(item =>
                Path.GetFullPath(item.GetMetadata("MSBuildSourceProjectFile"))
                    .Equals(project, StringComparison.OrdinalIgnoreCase)
            )
            ?.GetMetadata("FullPath")
        ?? throw new SdkException(
            "MORGANA059",
            $"{project} was not built: is it a project of a program (OutputType Exe)?"
        );

    /// <summary>All files that a built program consists of: those of its output folder that are it or what it uses.</summary>
    public static IEnumerable<string> Files(string assembly) =>
        Directory
            .EnumerateFiles(Path.GetDirectoryName(assembly)!, "*", SearchOption.AllDirectories)
            .Where(path =>
                path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase)
                || path.EndsWith(".json", StringComparison.OrdinalIgnoreCase)
            )
            .Order(StringComparer.Ordinal);
}
