using Morgana.Workspace.Resolution;
using Morgana.Workspace.Toolchains;

namespace Morgana.Sdk.Planning;

/// <summary>What the planning itself reads, besides what MSBuild gives it: it must be asked again when that changes.</summary>
internal static class PlanReads
{
    /// <summary>Files, those that were looked for in vain among them.</summary>
    public static IEnumerable<string> Files(PlanInputs inputs)
    {
        SortedSet<string> files = new(StringComparer.Ordinal) { inputs.TasksAssembly };
        files.UnionWith(inputs.Workspace.Declared.Files);
        foreach (
            Toolchain toolchain in inputs.Workspace.Images.Select(context => context.Toolchain)
        )
        {
            _ = files.Add(toolchain.File);
            _ = files.Add(Path.GetFullPath(Path.Combine(toolchain.Folder, toolchain.PureMembers)));
            // Another archive that comes first would be taken.
            files.UnionWith(toolchain.PureArchivePlaces().TakeWhile(path => !File.Exists(path)));
        }

        return files;
    }

    /// <summary>Folders whose names and contents count.</summary>
    public static IEnumerable<string> Folders(PlanInputs inputs) =>
        inputs
            .Workspace.Images.Select(context => NativeLayer.Folder(inputs, context))
            .Concat(inputs.Workspace.Images.Select(context => context.Context.Bindings))
            // A glob outside of the project, a header that comes to be found first.
            .Concat(
                inputs.ForeignStubs.SelectMany(stub =>
                    stub.IncludeFolders.Append(Path.GetDirectoryName(stub.Path)!)
                )
            )
            .Concat(inputs.Workspace.Toolchains.Places.Select(place => place.Folder))
            .Where(folder => folder.Length > 0)
            .Select(folder => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
}
