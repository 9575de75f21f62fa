namespace Morgana.Workspace.Tests;

/// <summary>The folder of a unikernel, gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Location { get; } =
        Directory.CreateTempSubdirectory("morgana-workspace-").FullName;

    public string this[string path] => Path.Combine(Location, path);

    public void Dispose() => Directory.Delete(Location, recursive: true);

    /// <summary>Writes a file and the folders above it.</summary>
    public string Write(string path, string text)
    {
        string full = this[path];
        _ = Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
        return full;
    }

    /// <summary>Writes workspace.props: the items, from line 3.</summary>
    public void Declare(string items) =>
        Write("workspace.props", $"<Project>\n<ItemGroup>\n{items}\n</ItemGroup>\n</Project>\n");

    /// <summary>Writes what configure would: these contexts, from line 3.</summary>
    public void Generate(params string[] contexts) =>
        Write(
            "morgana/contexts.props",
            "<Project>\n<ItemGroup>\n"
                + string.Join(
                    "",
                    contexts.Select(name =>
                    {
                        string[] parts = name.Split('-');
                        return $"<BuildContext Include=\"{name}\" Host=\"default\" TargetName=\"{parts[0]}\" Architecture=\"{parts[1]}\" Toolchain=\"morgana\" Profile=\"release\" Image=\"name.{parts[1]}.{parts[0]}\" />\n";
                    })
                )
                + "</ItemGroup>\n</Project>\n"
        );

    public DeclaredWorkspace Load() => DeclaredWorkspace.Load(Location, "name");

    /// <summary>The mistakes, as FILE(LINE): CODE: MESSAGE with short file names.</summary>
    public string[] Mistakes()
    {
        WorkspaceException e = Assert.Throws<WorkspaceException>(Load);
        return
        [
            .. e.Mistakes.Select(m =>
                $"{Path.GetFileName(m.File)}({m.Line}): {m.Code}: {m.Message}"
            ),
        ];
    }
}
