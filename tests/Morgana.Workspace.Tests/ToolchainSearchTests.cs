using Morgana.Workspace.Contexts;
using Morgana.Workspace.Toolchains;

namespace Morgana.Workspace.Tests;

public sealed class ToolchainSearchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _shipped = Path.Combine(AppContext.BaseDirectory, "toolchains");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_name_has_toolchains_for_several_architectures_side_by_side()
    {
        ToolchainSearch search = Search(_folder.Load());
        Assert.Equal(["arm64", "x64"], search.Toolchains.Select(t => t.Architecture));
        Assert.Equal("arm64", search.Find(Context("morgana", "arm64")).Architecture);
        Assert.Equal(ToolchainOriginKind.Sdk, search.Find(Context("morgana", "x64")).Origin.Kind);
    }

    [Fact]
    public void The_workspace_comes_before_folders_before_the_variable_before_packages_before_the_SDK()
    {
        Copy("mine", "x64", "toolchains/a");
        Copy("mine", "x64", "one/a");
        Copy("mine", "x64", "two/a");
        Copy("mine", "x64", "packages/p/1.0/toolchains/a");
        Copy("morgana", "x64", "two/b/c");
        _folder.Declare("""<ToolchainFolder Include="one" />""");
        DeclaredWorkspace workspace = _folder.Load();
        _folder.Write(
            "obj/project.assets.json",
            """{ "packageFolders": { "ROOT/": {} }, "libraries": { "p/1.0": { "path": "p/1.0", "files": ["toolchains/a/toolchain.json"] }, "q/1.0": { "type": "project" } } }""".Replace(
                "ROOT",
                _folder["packages"].Replace('\\', '/'),
                StringComparison.Ordinal
            )
        );
        foreach (
            (string remove, ToolchainOriginKind next) in (ReadOnlySpan<(
                string,
                ToolchainOriginKind
            )>)
                [
                    ("toolchains", ToolchainOriginKind.Folder),
                    ("one/a", ToolchainOriginKind.Variable),
                    ("two/a", ToolchainOriginKind.Package),
                ]
        )
        {
            Directory.Delete(_folder[remove], recursive: true);
            Assert.Equal(next, Search(workspace).Find(Context("mine", "x64")).Origin.Kind);
        }

        Toolchain hidden = Search(workspace).Find(Context("morgana", "x64"));
        Assert.Equal(_folder["two/b/c"], hidden.Folder);
        Assert.Equal(
            "package p 1.0",
            Search(workspace).Find(Context("mine", "x64")).Origin.ToString()
        );
    }

    [Fact]
    public void Two_of_one_name_and_architecture_in_one_place_are_refused_with_both_files()
    {
        Copy("mine", "x64", "toolchains/a");
        Copy("mine", "x64", "toolchains/b");
        Copy("mine", "arm64", "toolchains/c");
        WorkspaceMistake mistake = Assert.Single(
            Assert.Throws<WorkspaceException>(() => Search(_folder.Load())).Mistakes
        );
        Assert.Equal("MORGANA014", mistake.Code);
        Assert.Equal(_folder["toolchains/b/toolchain.json"], mistake.File);
        Assert.Contains(
            _folder["toolchains/a/toolchain.json"],
            mistake.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_unknown_toolchain_is_told_with_the_line_that_asks_what_there_is_and_where_it_was_looked_for()
    {
        _folder.Generate("spt-x64");
        Copy("other", "arm64", "toolchains/a");
        _folder.Declare("""<BuildContext Update="spt-x64" Toolchain="morgan" />""");
        DeclaredWorkspace workspace = _folder.Load();
        WorkspaceMistake mistake = Assert.Single(
            Assert
                .Throws<WorkspaceException>(() =>
                    Search(workspace).Find(workspace.ImageContexts.Single())
                )
                .Mistakes
        );
        Assert.Equal(
            ("MORGANA013", _folder["workspace.props"], 3),
            (mistake.Code, mistake.File, mistake.Line)
        );
        Assert.Contains("did you mean 'morgana'?", mistake.Message, StringComparison.Ordinal);
        Assert.Contains(
            "other for arm64 (workspace), morgana for arm64 (SDK), morgana for x64 (SDK)",
            mistake.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(_folder["toolchains"], mistake.Message, StringComparison.Ordinal);
        Assert.Contains(_folder["two"], mistake.Message, StringComparison.Ordinal);

        WorkspaceException other = Assert.Throws<WorkspaceException>(() =>
            Search(workspace).Find(Context("other", "x64"))
        );
        Assert.Contains("only for arm64", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_that_the_toolchain_lacks_is_refused_with_the_line_unless_the_context_brings_bindings()
    {
        _folder.Write("native/image.lds", "");
        _folder.Declare("""<BuildContext Include="a" TargetName="stp" />""");
        DeclaredWorkspace workspace = _folder.Load();
        WorkspaceMistake mistake = Assert.Single(
            Assert
                .Throws<WorkspaceException>(() => Search(workspace).Find(workspace.Contexts[1]))
                .Mistakes
        );
        Assert.Equal((_folder["workspace.props"], 3), (mistake.File, mistake.Line));
        Assert.Contains("did you mean 'spt'?", mistake.Message, StringComparison.Ordinal);

        _folder.Declare("""<BuildContext Include="a" TargetName="stp" Bindings="native" />""");
        workspace = _folder.Load();
        Assert.Equal("morgana", Search(workspace).Find(workspace.Contexts[1]).Name);
    }

    [Fact]
    public void A_damaged_toolchain_is_told_with_its_line_and_does_not_hide_other_mistakes()
    {
        _folder.Write("toolchains/a/toolchain.json", "{\n  \"name\": \"x\",\n  nonsense\n}");
        _folder.Write("toolchains/b/toolchain.json", "{}");
        WorkspaceException e = Assert.Throws<WorkspaceException>(() => Search(_folder.Load()));
        Assert.Equal(
            [
                (_folder["toolchains/a/toolchain.json"], 3),
                (_folder["toolchains/b/toolchain.json"], 1),
            ],
            e.Mistakes.Select(m => (m.File, m.Line))
        );
    }

    [Fact]
    public void A_damaged_restore_is_told_with_its_file()
    {
        string file = _folder.Write("obj/project.assets.json", """{ "packageFolders": [] }""");
        Assert.Contains(
            file,
            Assert.Throws<WorkspaceException>(() => ToolchainPackages.Read(file)).Message,
            StringComparison.Ordinal
        );
        Assert.Empty(ToolchainPackages.Read(_folder["nowhere.json"]));
    }

    [Fact]
    public void What_is_missing_on_this_machine_is_listed_with_what_to_do()
    {
        Copy("mine", "x64", "toolchains/a");
        Toolchain toolchain = Search(_folder.Load()).Find(Context("mine", "x64"));
        ToolchainCheck check = new()
        {
            ProgramFolders = [_folder["bin"]],
            PackageFolders = [_folder["packages"]],
            BuildRuntime = "linux-x64",
            NativeAotVersion = "10.0.12",
        };
        Assert.Equal(
            [
                "clang",
                "ld.lld",
                "package runtime.linux-x64.microsoft.dotnet.ilcompiler 10.0.12",
                "package microsoft.netcore.app.runtime.nativeaot.linux-x64 10.0.12",
            ],
            check
                .Missing(toolchain)
                .Select(part => part.Name)
                .Where(name => !name.StartsWith("archive", StringComparison.Ordinal))
        );

        string exe = OperatingSystem.IsWindows() ? ".exe" : "";
        _folder.Write("bin/clang" + exe, "");
        _folder.Write("bin/ld.lld" + exe, "");
        _folder.Write("packages/runtime.linux-x64.microsoft.dotnet.ilcompiler/10.0.12/x", "");
        Assert.Equal(
            ["package microsoft.netcore.app.runtime.nativeaot.linux-x64 10.0.12"],
            check
                .Missing(toolchain)
                .Select(part => part.Name)
                .Where(name => !name.StartsWith("archive", StringComparison.Ordinal))
        );
    }

    private ToolchainSearch Search(DeclaredWorkspace workspace) =>
        new(
            ToolchainSearch.PlacesOf(
                workspace,
                ToolchainPackages.Read(_folder["obj/project.assets.json"]),
                _shipped,
                "two"
            )
        );

    private static BuildContext Context(string toolchain, string architecture) =>
        new()
        {
            Name = "c",
            Target = "spt",
            Toolchain = toolchain,
            Architecture = architecture,
        };

    private void Copy(string name, string architecture, string to) =>
        _folder.Write(
            to + "/toolchain.json",
            File.ReadAllText(Path.Combine(_shipped, architecture, "toolchain.json"))
                .Replace("\"morgana\"", $"\"{name}\"", StringComparison.Ordinal)
        );
}
