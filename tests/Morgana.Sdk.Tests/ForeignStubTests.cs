using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;
using Morgana.Build.Plans;
using Morgana.Build.Stubs;
using Morgana.Sdk.Planning;
using Morgana.Workspace;
using Morgana.Workspace.Resolution;

namespace Morgana.Sdk.Tests;

public sealed class ForeignStubTests : IDisposable
{
    private static readonly string Root = FindRoot();

    private readonly string _folder = Directory.CreateTempSubdirectory("morgana-stubs-").FullName;

    public ForeignStubTests()
    {
        foreach (
            string file in (string[])
                [
                    "fast.c",
                    "a b/fast.c",
                    "sum.x64.S",
                    "sum.arm64.S",
                    "libfoo.x64.a",
                    "libfoo.arm64.a",
                    "fast.cpp",
                    "fast.h",
                ]
        )
        {
            string path = Path.Combine(_folder, file);
            _ = Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }

        _ = Directory.CreateDirectory(Path.Combine(_folder, "include"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Morgana.slnx")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("These tests run from a checkout.");
    }

    private static TaskItem Item(string include, params (string Field, string Value)[] fields)
    {
        TaskItem item = new(include);
        foreach ((string field, string value) in fields)
        {
            item.SetMetadata(field, value);
        }

        return item;
    }

    private ResolvedWorkspace Workspace() =>
        ResolvedWorkspace.Resolve(
            DeclaredWorkspace.Load(
                _folder,
                "it",
                new WorkspaceDefaults(["spt", "hvt"], ["x64", "arm64"], InsteadOfGenerated: true)
            ),
            Path.Combine(_folder, "obj/project.assets.json"),
            Path.Combine(Root, "toolchains")
        );

    private PlanInputs Inputs(params ITaskItem[] items)
    {
        ResolvedWorkspace workspace = Workspace();
        return new PlanInputs
        {
            ProjectFile = Path.Combine(_folder, "it.csproj"),
            Workspace = workspace,
            NativeFolder = Path.Combine(Root, "native"),
            SdkFolder = Path.Combine(Root, "src/Morgana.Sdk"),
            TasksAssembly = "",
            PackageRoot = "/packages/",
            RuntimeVersion = "10.0.0",
            NativeCompiler = "ilc",
            Assembly = Path.Combine(_folder, "obj/it.dll"),
            References = [Path.Combine(_folder, "lib/own.dll"), "/packages/theirs/theirs.dll"],
            Dotnet = "dotnet",
            CSharpFolder = "",
            WorkFolder = Path.Combine(_folder, "obj/morgana"),
            DistFolder = Path.Combine(_folder, "dist"),
            StateFolder = Path.Combine(_folder, "obj/state"),
            ForeignStubs = ForeignStub.Read(items, _folder, "it", workspace.Images),
        };
    }

    private string Wrong(params ITaskItem[] items)
    {
        WorkspaceException exception = Assert.Throws<WorkspaceException>(() => Inputs(items));
        Assert.All(exception.Mistakes, mistake => Assert.Equal("MORGANA046", mistake.Code));
        return string.Join('\n', exception.Mistakes.Select(mistake => mistake.Message));
    }

    [Fact]
    public void An_object_is_made_once_for_the_contexts_that_want_the_same()
    {
        BuildAction[] compiled =
        [
            .. ForeignStubs
                .Actions(Inputs(Item("fast.c", ("Flags", "-O3 \"-DX=a b\""))))
                .Where(action => action.Kind == ActionKind.Native),
        ];
        Assert.Equal(2, compiled.Length);
        Assert.Equal(["spt-x64", "hvt-x64"], compiled[0].Contexts.OrderDescending());
        Assert.Contains("-ffreestanding", compiled[0].Arguments);
        Assert.Contains("-DX=a b", compiled[0].Arguments);
        Assert.DoesNotContain("-Werror", compiled[0].Arguments);
        Assert.Contains("--target=aarch64-unknown-linux-elf", compiled[1].Arguments);
        Assert.NotEqual("", compiled[0].DependencyFile);
    }

    [Fact]
    public void Flags_that_name_the_target_part_the_objects()
    {
        BuildAction[] actions =
        [
            .. ForeignStubs.Actions(Inputs(Item("fast.c", ("Flags", "-DTARGET_{target}")))),
        ];
        BuildAction[] compiled = [.. actions.Where(action => action.Kind == ActionKind.Native)];
        Assert.Equal(4, compiled.Length);
        Assert.Equal(4, compiled.Select(action => action.Id).Distinct().Count());
        Assert.Equal(4, compiled.SelectMany(action => action.Outputs).Distinct().Count());
        Assert.Contains(compiled, action => action.Arguments.Contains("-DTARGET_hvt"));
        Assert.Equal(actions.Length, actions.Select(action => action.Id).Distinct().Count());
    }

    [Fact]
    public void Sources_of_one_name_in_two_folders_are_two_objects_and_no_path_of_the_machine_is_in_them()
    {
        BuildAction[] compiled =
        [
            .. ForeignStubs
                .Actions(Inputs(Item("fast.c", ("IncludeFolders", "include")), Item("a b/fast.c")))
                .Where(action => action.Kind == ActionKind.Native),
        ];
        Assert.Equal(4, compiled.SelectMany(action => action.Outputs).Distinct().Count());
        foreach (BuildAction action in compiled)
        {
            Assert.Contains($"-ffile-prefix-map={_folder}=.", action.Arguments);
            Assert.DoesNotContain(_folder, action.Id, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Names_of_the_context_choose_sources_and_libraries_and_the_link_waits_for_the_checks()
    {
        PlanInputs inputs = Inputs(
            Item(
                "sum.{architecture}.S",
                ("Library", "sum"),
                ("Libraries", "libfoo.{architecture}.a")
            )
        );
        ResolvedContext arm64 = inputs.Workspace.Images.First(context =>
            context.Context.Architecture == "arm64"
        );
        IReadOnlyList<StubFile> files = ForeignStubs.Files(inputs, arm64);
        Assert.Equal(
            ["sum.arm64.S", "libfoo.arm64.a"],
            files.Select(file => Path.GetFileName(file.Source))
        );
        Assert.True(files[0].IsCompiled);
        Assert.False(files[1].IsCompiled);
        Assert.Equal(["sum"], ForeignStubs.LibraryNames(inputs));

        BuildAction link = ImageLink
            .Actions(inputs, arm64)
            .Single(action => action.Kind == ActionKind.Link);
        Assert.Contains(files[0].Path, link.ResponseLines);
        Assert.Contains(files[1].Path, link.ResponseLines);
        Assert.All(ForeignStubs.Marks(inputs, arm64), mark => Assert.Contains(mark, link.Inputs));
    }

    [Fact]
    public void Without_stubs_imports_are_checked_all_the_same_and_those_of_packages_are_not_the_users_own()
    {
        BuildAction[] actions = [.. ForeignStubs.Actions(Inputs())];
        Assert.Equal(2, actions.Length);
        Assert.All(actions, action => Assert.Equal(ActionKind.Imports, action.Kind));
        Assert.Contains(Path.Combine(_folder, "lib/own.dll"), actions[0].Arguments);
        Assert.DoesNotContain("/packages/theirs/theirs.dll", actions[0].Arguments);
        Assert.Contains("/packages/theirs/theirs.dll", actions[0].Inputs);
    }

    [Fact]
    public void The_library_is_called_like_the_project_unless_the_item_says_otherwise() =>
        Assert.Equal(
            ["it", "other"],
            ForeignStubs.LibraryNames(
                Inputs(Item("fast.c"), Item("a b/fast.c", ("Library", "other")))
            )
        );

    [Theory]
    [InlineData("fast.cpp", "", "", "is C++")]
    [InlineData("fast.h", "", "", "is a header")]
    [InlineData("libx.so", "", "", "is a shared library")]
    [InlineData("fast.txt", "", "", "is no foreign stub")]
    [InlineData("gone.c", "", "", "gone.c is not there")]
    [InlineData("sum.{arch}.S", "", "", "did you mean 'architecture'?")]
    [InlineData("fast.c", "Library", "morgana_native", "is taken")]
    [InlineData("fast.c", "Library", "a b", "is none")]
    [InlineData("fast.c", "Flag", "-O3", "did you mean 'Flags'?")]
    [InlineData("fast.c", "Flags", "-O3 -o x.o", "-o, which is the build's")]
    [InlineData("fast.c", "Flags", "--target=wasm32", "--target=wasm32, which is the build's")]
    [InlineData("fast.c", "IncludeFolders", "nowhere", "there is no such folder")]
    [InlineData("fast.c", "Libraries", "fast.c", "is no static library")]
    [InlineData(
        "fast.c",
        "Libraries",
        "libbar.{architecture}.a",
        "libbar.arm64.a is not there, which context spt-arm64 wants"
    )]
    [InlineData("fast.c", "Host", "no", "Host is true or false")]
    public void Mistakes_say_what_to_do(
        string include,
        string field,
        string value,
        string message
    ) =>
        Assert.Contains(
            message,
            Wrong(field.Length == 0 ? Item(include) : Item(include, (field, value))),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_source_in_two_items_is_a_mistake() =>
        Assert.Contains(
            "is in two ForeignStub items",
            Wrong(Item("fast.c"), Item("./fast.c", ("Library", "b"))),
            StringComparison.Ordinal
        );
}
