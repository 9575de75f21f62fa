using Morgana.Workspace.Contexts;
using Morgana.Workspace.Resolution;
using Morgana.Workspace.Toolchains;

namespace Morgana.Workspace.Tests;

public sealed class ResolutionTests : IDisposable
{
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "toolchains");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Native_code_is_shared_by_contexts_that_differ_in_the_target_alone()
    {
        _folder.Declare(
            """
            <BuildContext Include="a" TargetName="spt" LinkFlags="--x" CFlags="-DX" />
            <BuildContext Include="b" TargetName="unix" />
            <BuildContext Include="size" TargetName="spt" Profile="size" />
            <BuildContext Include="options" TargetName="spt" IlcOptions="--y" />
            <BuildContext Include="environment" TargetName="spt" Environment="A=1" />
            <BuildContext Include="arm" TargetName="spt" Architecture="arm64" />
            """
        );
        Dictionary<string, ResolvedContext> contexts = Resolve()
            .Images.ToDictionary(c => c.Context.Name);
        Assert.Equal("x64", contexts["a"].ManagedKey);
        Assert.Equal("x64", contexts["b"].ManagedKey);
        Assert.Equal("x64-size", contexts["size"].ManagedKey);
        Assert.Equal("arm64", contexts["arm"].ManagedKey);
        Assert.Equal(5, contexts.Values.Select(c => c.ManagedKey).Distinct().Count());

        // Objects of C: by flags, profile and environment, not by options of the other compiler.
        Assert.Equal(contexts["b"].NativeKey("n"), contexts["options"].NativeKey("n"));
        Assert.Equal(5, contexts.Values.Select(c => c.NativeKey("n")).Distinct().Count());
        Assert.Equal("-DX", contexts["a"].CompilerFlags[^1]);
        Assert.Equal("--x", contexts["a"].LinkerFlags[^1]);
    }

    [Fact]
    public void A_profile_decides_before_what_the_project_prefers()
    {
        _folder.Declare(
            """
            <BuildContext Include="release" TargetName="spt" />
            <BuildContext Include="speed" TargetName="spt" Profile="speed" />
            <BuildContext Include="debug" TargetName="spt" Profile="debug" />
            """
        );
        IReadOnlyList<ResolvedContext> contexts = Resolve().Images;
        Assert.Equal(["-O"], contexts[0].IlcOptions("Blended"));
        Assert.Equal(["-O", "--Os"], contexts[0].IlcOptions("Size"));
        Assert.Equal(["-O", "--Ot"], contexts[1].IlcOptions("Blended"));
        Assert.DoesNotContain("-O", contexts[2].IlcOptions("Size"));
        Assert.True(contexts[2].KeepsSymbols);
    }

    [Fact]
    public void All_contexts_without_a_toolchain_are_told_and_those_that_are_not_enabled_are_not()
    {
        _folder.Declare(
            """
            <BuildContext Include="a" TargetName="spt" Toolchain="none" />
            <BuildContext Include="b" TargetName="none" />
            <BuildContext Include="c" TargetName="spt" Toolchain="none" EnabledIf="false" />
            """
        );
        WorkspaceException e = Assert.Throws<WorkspaceException>(Resolve);
        Assert.Equal(
            [("MORGANA013", 3), ("MORGANA011", 4)],
            e.Mistakes.Select(m => (m.Code, m.Line))
        );
    }

    [Fact]
    public void The_SDK_is_that_of_the_checkout_around_or_the_package_of_the_version_that_is_said()
    {
        string app = _folder["work/app"];
        _folder.Write("work/app/app.csproj", "<Project Sdk=\"Morgana.Sdk\" />");
        foreach (string version in (string[])["1.0.0", "2.0.0", "3.0.0"])
        {
            _folder.Write(
                $"packages/morgana.sdk/{version}/Sdk/Morgana.props",
                $"<Project><PropertyGroup><MorganaIlcVersion>{version}</MorganaIlcVersion></PropertyGroup></Project>"
            );
        }

        Assert.Equal("1.0.0", Version());
        _folder.Write("work/global.json", """{ "msbuild-sdks": { "Morgana.Sdk": "2.0.0" } }""");
        Assert.Equal("2.0.0", Version());
        _folder.Write("work/app/app.csproj", "<Project Sdk=\"Morgana.Sdk/3.0.0\" />");
        Assert.Equal("3.0.0", Version());
        _folder.Write("work/app/app.csproj", "<Project Sdk=\"Morgana.Sdk/4.0.0\" />");
        Assert.Null(Version());
        _folder.Write(
            "src/Morgana.Sdk/Sdk/Morgana.props",
            "<Project><PropertyGroup><MorganaIlcVersion>here</MorganaIlcVersion></PropertyGroup></Project>"
        );
        Assert.Equal("here", Version());

        string? Version() =>
            SdkLocation.Find(app, [_folder["packages"]], "1.0.0")?.NativeAotVersion();
    }

    [Fact]
    public void A_path_in_the_cache_begins_at_the_users_cache_folder()
    {
        Toolchain toolchain = Toolchain.Load(Path.Combine(Shipped, "arm64", "toolchain.json"));
        Assert.Contains(
            Path.Combine(ToolchainCache.Folder(), "arm64/usr/lib/aarch64-linux-musl/libc.a"),
            toolchain.PureArchivePlaces()
        );
    }

    private ResolvedWorkspace Resolve() =>
        ResolvedWorkspace.Resolve(_folder.Load(), _folder["obj/project.assets.json"], Shipped);
}
