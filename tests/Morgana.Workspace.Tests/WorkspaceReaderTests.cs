using Morgana.Workspace.Contexts;

namespace Morgana.Workspace.Tests;

public sealed class WorkspaceReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_without_files_has_the_default_context()
    {
        DeclaredWorkspace workspace = _folder.Load();
        BuildContext only = Assert.Single(workspace.Contexts);
        Assert.Equal("default", only.Name);
        Assert.False(only.MakesImage);
        Assert.Equal("", only.Host);
        Assert.Empty(workspace.ImageContexts);
        // What would change the answer is known, though it is not there.
        Assert.Equal(
            [_folder[Path.Combine("morgana", "contexts.props")], _folder["workspace.props"]],
            workspace.Files
        );
    }

    [Fact]
    public void Without_contexts_props_targets_and_architectures_make_contexts()
    {
        var workspace = DeclaredWorkspace.Load(
            _folder.Location,
            "resolver",
            new WorkspaceDefaults(["spt", "hvt"], ["x64", "arm64"])
        );
        Assert.Equal(
            [
                "spt-x64 resolver.x64.spt",
                "spt-arm64 resolver.arm64.spt",
                "hvt-x64 resolver.x64.hvt",
                "hvt-arm64 resolver.arm64.hvt",
            ],
            workspace.ImageContexts.Select(c => $"{c.Name} {c.Image}")
        );
        workspace = DeclaredWorkspace.Load(
            _folder.Location,
            "resolver",
            new WorkspaceDefaults(["spt"], ["x64"])
        );
        Assert.Equal(["resolver.spt"], workspace.ImageContexts.Select(c => c.Image));
    }

    [Fact]
    public void All_fields_are_read_as_attributes_and_as_elements()
    {
        _folder.Write("native/image.lds", "");
        foreach (
            string item in (string[])
                [
                    """<BuildContext Include="one" Host="default" TargetName="spt" Architecture="arm64" Toolchain="mine" Profile="size" Image="it.spt" Bindings="native" CFlags="-DA;-DB" LinkFlags="--x" IlcOptions="--y" Environment="A=1;B=2%3B3" Ide="true" EnabledIf="target == spt" />""",
                    """<buildcontext Include="one"><host>default</host><TargetName>spt</TargetName><ARCHITECTURE>arm64</ARCHITECTURE><Toolchain>mine</Toolchain><Profile>size</Profile><Image>it.spt</Image><Bindings>native</Bindings><CFlags>-DA; -DB ;</CFlags><LinkFlags>--x</LinkFlags><IlcOptions>--y</IlcOptions><Environment>A=1;B=2%3B3</Environment><Ide>true</Ide><EnabledIf>target == spt</EnabledIf></buildcontext>""",
                ]
        )
        {
            _folder.Declare(item);
            BuildContext context = _folder.Load().Contexts[1];
            Assert.Equal("one", context.Name);
            Assert.Equal("default", context.Host);
            Assert.Equal("spt", context.Target);
            Assert.Equal("arm64", context.Architecture);
            Assert.Equal("mine", context.Toolchain);
            Assert.Equal("size", context.Profile);
            Assert.Equal("it.spt", context.Image);
            Assert.Equal(_folder["native"], context.Bindings);
            Assert.Equal(["-DA", "-DB"], context.CFlags);
            Assert.Equal(["--x"], context.LinkFlags);
            Assert.Equal(["--y"], context.IlcOptions);
            Assert.Equal(["A=1", "B=2;3"], context.Environment);
            Assert.True(context.Ide);
            Assert.True(context.Enabled);
            Assert.Equal(_folder["workspace.props"], context.File);
            Assert.Equal(3, context.Line);
        }
    }

    [Fact]
    public void Updates_change_generated_contexts_by_name_and_pattern_in_the_order_of_the_lines()
    {
        _folder.Generate("spt-x64", "spt-arm64", "unix-x64");
        _folder.Declare(
            """
            <BuildContext Update="spt-*" Profile="size" CFlags="-DONE" />
            <BuildContext Update="*-ARM64" CFlags="%(CFlags);-DTWO;-DNAME=%(Identity)" />
            <BuildContext Update="spt-x64;unix-x64" Toolchain="mine" />
            <BuildContext Remove="unix-*" />
            <BuildContext Update="default" Profile="debug" Environment="A=1" />
            """
        );
        DeclaredWorkspace workspace = _folder.Load();
        Assert.Equal(["default", "spt-x64", "spt-arm64"], workspace.Contexts.Select(c => c.Name));
        Assert.Equal("debug", workspace.Default.Profile);
        Assert.Equal(["A=1"], workspace.Default.Environment);
        Assert.Equal(["-DONE"], workspace.Contexts[1].CFlags);
        Assert.Equal(["-DONE", "-DTWO", "-DNAME=spt-arm64"], workspace.Contexts[2].CFlags);
        Assert.Equal("mine", workspace.Contexts[1].Toolchain);
        Assert.Equal("morgana", workspace.Contexts[2].Toolchain);
        Assert.Equal(
            new FieldPlace(_folder["workspace.props"], 5),
            workspace.Contexts[1].PlaceOf("Toolchain")
        );
    }

    [Fact]
    public void A_pattern_does_not_mean_the_default_context()
    {
        _folder.Declare(
            """<BuildContext Update="*" Profile="size" /><BuildContext Remove="*" />"""
        );
        Assert.Equal("release", _folder.Load().Default.Profile);
    }

    [Fact]
    public void EnabledIf_keeps_a_context_from_being_built_and_not_from_being_known()
    {
        _folder.Generate("spt-x64", "spt-arm64");
        _folder.Declare("""<BuildContext Update="*" EnabledIf="architecture != arm64" />""");
        DeclaredWorkspace workspace = _folder.Load();
        Assert.Equal(["spt-x64"], workspace.ImageContexts.Select(c => c.Name));
        Assert.Equal(["default", "spt-x64", "spt-arm64"], workspace.Contexts.Select(c => c.Name));
        Assert.Equal("architecture != arm64", workspace.Contexts[2].EnabledIf);
    }

    [Theory]
    [InlineData("spt", "name.mine.spt")]
    [InlineData("unix", "name.mine")]
    [InlineData("other", "name.mine.other")]
    public void An_image_without_a_name_is_called_after_its_context(string target, string image)
    {
        _folder.Generate("spt-x64");
        _folder.Write(
            "morgana/contexts.props",
            """
            <Project><ItemGroup>
            <BuildContext Include="spt-x64" TargetName="spt" Image="name.spt" />
            <BuildContext Include="unix-x64" TargetName="unix" Image="name" />
            <BuildContext Include="unix-arm64" TargetName="unix" Architecture="arm64" Image="name.arm64" />
            </ItemGroup></Project>
            """
        );
        _folder.Declare($"""<BuildContext Include="mine" TargetName="{target}" />""");
        Assert.Equal(image, _folder.Load().Contexts[^1].Image);
    }

    [Fact]
    public void A_host_context_is_one_of_ordinary_NET()
    {
        _folder.Declare(
            """
            <BuildContext Include="tools" TargetName="host" Profile="debug" />
            <BuildContext Include="mine" TargetName="spt" Host="Tools" />
            """
        );
        DeclaredWorkspace workspace = _folder.Load();
        Assert.False(workspace.Contexts[1].MakesImage);
        Assert.Equal("tools", workspace.Contexts[2].Host);
        Assert.Equal(["mine"], workspace.ImageContexts.Select(c => c.Name));
    }

    [Fact]
    public void Files_import_others_beside_them_and_their_lines_are_named()
    {
        _folder.Write("app/config.cs", "");
        _folder.Write(
            "shared/common.props",
            """
            <Project><ItemGroup>
            <ToolchainFolder Include="$(MSBuildThisFileDirectory)chains" />
            <BuildContext Include="mine" TargetName="spt" />
            </ItemGroup></Project>
            """
        );
        _folder.Write("shared/chains/x64/toolchain.json", "{}");
        _folder.Write(
            "app/workspace.props",
            """<Project><Import Project="..\shared\common.props" /><PropertyGroup Condition="true"><X>$(Y)</X></PropertyGroup></Project>"""
        );
        var workspace = DeclaredWorkspace.Load(_folder["app"], "name");
        Assert.Equal(_folder["shared/common.props"], workspace.Contexts[1].File);
        Assert.Equal(3, workspace.Contexts[1].Line);
        Assert.Equal([_folder["shared/chains"]], workspace.ToolchainFolders.Select(f => f.Path));
        Assert.Contains(_folder["shared/common.props"], workspace.Files);
    }

    [Fact]
    public void Steps_have_their_arguments_and_patterns()
    {
        _folder.Write("tools/X.csproj", "");
        _folder.Declare(
            """
            <BuildStep Include="crunch" Program="tools\X.csproj" Arguments="files &quot;a b&quot; -o {context}" Inputs="files/**;more\*.txt" Outputs="obj/Files.cs" EnabledIf="architecture == x64" />
            """
        );
        Steps.BuildStep step = Assert.Single(_folder.Load().Steps);
        Assert.Equal(_folder["tools/X.csproj"], step.Program);
        Assert.Equal(["files", "a b", "-o", "{context}"], step.Arguments);
        Assert.Equal(["files/**", "more/*.txt"], step.Inputs);
        Assert.Equal(["obj/Files.cs"], step.Outputs);
    }

    [Fact]
    public void The_name_comes_from_what_configure_wrote()
    {
        _folder.Write(
            "morgana/project.props",
            "<Project><PropertyGroup><MorganaName>resolver</MorganaName></PropertyGroup></Project>"
        );
        Assert.Equal("resolver", DeclaredWorkspace.Load(_folder.Location).Name);
    }

    [Theory]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" Toolchian="x" />""",
        "workspace.props(3): MORGANA051: A <BuildContext> has no field 'Toolchian'; did you mean 'Toolchain'?"
    )]
    [InlineData(
        "<BuildContext Include=\"a\" TargetName=\"spt\"\n   Nonsense=\"x\" />",
        "workspace.props(4): MORGANA051: A <BuildContext> has no field 'Nonsense'; the fields are: Host, TargetName, Architecture, Toolchain, Profile, Image, Bindings, CFlags, LinkFlags, IlcOptions, Environment, Ide, EnabledIf."
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" Target="spt" />""",
        "workspace.props(3): MORGANA051: A <BuildContext> has no field 'Target': MSBuild keeps that word for itself; write TargetName."
    )]
    [InlineData(
        """<BuildContxt Include="a" />""",
        "workspace.props(3): MORGANA051: There are no items called <BuildContxt>; did you mean <BuildContext>?"
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" Profile="size"><Profile>debug</Profile></BuildContext>""",
        "workspace.props(3): MORGANA051: Profile is said twice."
    )]
    [InlineData(
        """<BuildContext Include="default" TargetName="spt" />""",
        "workspace.props(3): MORGANA052: The context 'default' is always there: change it with Update=\"default\" in place of Include."
    )]
    [InlineData(
        """<BuildContext Remove="default" />""",
        "workspace.props(3): MORGANA052: The context 'default' cannot be removed: every other stands on it."
    )]
    [InlineData(
        """<BuildContext Include="a/b" TargetName="spt" />""",
        "workspace.props(3): MORGANA052: 'a/b' cannot be the name of a BuildContext: names have letters, digits, '-', '_' and '.', and begin with a letter or digit."
    )]
    [InlineData(
        """<BuildContext Include="a*" TargetName="spt" />""",
        "workspace.props(3): MORGANA052: Include names one BuildContext; wildcards are for Update and Remove."
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" Host="defualt" />""",
        "workspace.props(3): MORGANA053: The host 'defualt' of the context 'a' does not exist; did you mean 'default'?"
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" /><BuildContext Include="b" TargetName="spt" Host="a" />""",
        "workspace.props(3): MORGANA053: The context 'a' cannot be the host of 'b': it makes images for spt, which cannot run during a build. A host is 'default' or a context with TargetName=\"host\"."
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="host" Host="a" />""",
        "workspace.props(3): MORGANA053: Hosts go in a circle: a -> a. Every chain of hosts ends at 'default'."
    )]
    [InlineData(
        """<BuildContext Include="h" TargetName="host" EnabledIf="false" /><BuildContext Include="a" TargetName="spt" Host="h" />""",
        "workspace.props(3): MORGANA053: The host 'h' of the context 'a' is not enabled (EnabledIf=\"false\")."
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" EnabledIf="architecture = x64" />""",
        "workspace.props(3): MORGANA054: 'architecture = x64' is no condition: == or != after 'architecture' should stand where '= x64' is (at character 14)."
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" EnabledIf="architecture == amd64" />""",
        "workspace.props(3): MORGANA054: No architecture is called 'amd64'; .NET calls it 'x64'."
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" Profile="relaese" />""",
        "workspace.props(3): MORGANA055: There is no profile 'relaese'; did you mean 'release'?"
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" Architecture="aarch64" />""",
        "workspace.props(3): MORGANA055: There is no architecture 'aarch64'; .NET calls it 'arm64'."
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" Image="../a.spt" />""",
        "workspace.props(3): MORGANA055: The image '../a.spt' must be a file name without a folder: images go to dist/."
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" Ide="yes" />""",
        "workspace.props(3): MORGANA055: Ide is true or false, not 'yes'."
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" Environment="A" />""",
        "workspace.props(3): MORGANA055: 'A' in Environment is not NAME=VALUE."
    )]
    [InlineData(
        """<BuildContext Include="a" />""",
        "workspace.props(3): MORGANA055: The context 'a' needs a TargetName, as in TargetName=\"spt\" (\"host\" for a context of ordinary .NET, in which programs that run during the build are built)."
    )]
    [InlineData(
        """<BuildContext Update="default" Toolchain="x" />""",
        "workspace.props(3): MORGANA055: The context 'default' has no Toolchain: it is the program as ordinary .NET. It can be told Profile, Environment, Ide."
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" Condition="'$(X)' == ''" />""",
        "workspace.props(3): MORGANA056: Condition is not understood on a <BuildContext>: morgana reads this file without MSBuild. Use EnabledIf, as in EnabledIf=\"architecture == arm64 and profile != debug\"."
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" CFlags="-D$(X)" />""",
        "workspace.props(3): MORGANA056: $(X) cannot be used here: morgana reads this file without MSBuild and does not know its value. Write the value itself; for paths there are $(MSBuildThisFileDirectory) and $(MSBuildProjectDirectory), and EnabledIf says when something counts."
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" CFlags="%(Other)" />""",
        "workspace.props(3): MORGANA056: %(Other) cannot be used here: only the item's own fields can, as in CFlags=\"%(CFlags);-DX\"."
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" Exclude="b" />""",
        "workspace.props(3): MORGANA056: Exclude is not understood here: name what is meant with Include, Update and Remove."
    )]
    [InlineData(
        """<BuildContext TargetName="spt" />""",
        "workspace.props(3): MORGANA050: A <BuildContext> has exactly one of Include=\"NAME\", Update=\"NAME\" and Remove=\"NAME\"; this one has none."
    )]
    [InlineData(
        """<BuildContext Include="a" TargetName="spt" """,
        "workspace.props(4): MORGANA050: This is not well-formed XML: Name cannot begin with the '<' character, hexadecimal value 0x3C. Line 4, position 1."
    )]
    [InlineData(
        """</ItemGroup><Choose><When Condition="true"><ItemGroup><BuildContext Include="a" /></ItemGroup></When></Choose><ItemGroup>""",
        "workspace.props(3): MORGANA056: <BuildContext> inside <Choose> is not understood: morgana reads this file without MSBuild. Put it into an <ItemGroup> directly under <Project>; EnabledIf says when it counts."
    )]
    [InlineData(
        """</ItemGroup><ItemGroup Condition="true"><BuildContext Include="a" TargetName="spt" />""",
        "workspace.props(3): MORGANA056: Condition is not understood on a <ItemGroup> with <BuildContext> in it: morgana reads this file without MSBuild. Use EnabledIf, as in EnabledIf=\"architecture == arm64 and profile != debug\"."
    )]
    public void A_mistake_is_told_with_its_file_and_line(string items, string expected)
    {
        _folder.Declare(items);
        Assert.Equal([expected], _folder.Mistakes());
    }

    [Fact]
    public void Two_contexts_of_one_name_are_told_with_both_places()
    {
        _folder.Generate("spt-x64");
        _folder.Declare("""<BuildContext Include="SPT-x64" TargetName="spt" />""");
        string place = _folder[Path.Combine("morgana", "contexts.props")];
        Assert.Equal(
            [
                $"workspace.props(3): MORGANA052: There is a BuildContext 'spt-x64' already, at {place}(3): choose another name, or change that one with Update=\"spt-x64\" in place of Include.",
            ],
            _folder.Mistakes()
        );
    }

    [Fact]
    public void Two_contexts_of_one_image_are_refused_unless_only_one_is_enabled()
    {
        _folder.Generate("spt-x64");
        _folder.Declare("""<BuildContext Include="a" TargetName="spt" Image="Name.x64.spt" />""");
        Assert.Contains(
            "both make the image",
            Assert.Single(_folder.Mistakes()),
            StringComparison.Ordinal
        );
        _folder.Declare(
            """
            <BuildContext Include="a" TargetName="spt" Image="name.x64.spt" />
            <BuildContext Update="spt-x64" EnabledIf="false" />
            """
        );
        Assert.Equal(["a"], _folder.Load().ImageContexts.Select(c => c.Name));
    }

    [Fact]
    public void A_circle_of_hosts_is_told_with_every_context_in_it()
    {
        _folder.Declare(
            """
            <BuildContext Include="a" TargetName="host" Host="b" />
            <BuildContext Include="b" TargetName="host" Host="c" />
            <BuildContext Include="c" TargetName="host" Host="b" />
            """
        );
        Assert.Equal(
            [
                "workspace.props(4): MORGANA053: Hosts go in a circle: b -> c -> b. Every chain of hosts ends at 'default'.",
                "workspace.props(5): MORGANA053: Hosts go in a circle: c -> b -> c. Every chain of hosts ends at 'default'.",
            ],
            _folder.Mistakes()
        );
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        _folder.Declare(
            """
            <BuildContext Include="a" TargetName="spt" Profil="x" />
            <BuildContext Include="b" TargetName="spt" Host="c" />
            <BuildContext Include="a" TargetName="spt" />
            """
        );
        Assert.Equal(
            ["(3): MORGANA051", "(5): MORGANA052", "(4): MORGANA053"],
            _folder
                .Mistakes()
                .Select(m => m["workspace.props".Length..])
                .Select(m => m[..m.IndexOf(':', m.IndexOf(':', StringComparison.Ordinal) + 1)])
        );
    }

    [Fact]
    public void An_update_of_a_context_that_is_not_configured_now_is_noted_and_a_slip_of_the_pen_refused()
    {
        _folder.Generate("spt-x64");
        _folder.Declare("""<BuildContext Update="spt-arm64" Profile="size" />""");
        WorkspaceMistake note = Assert.Single(_folder.Load().Notes);
        Assert.Equal(3, note.Line);
        Assert.Contains("'spt-arm64'", note.Message, StringComparison.Ordinal);

        _folder.Declare("""<BuildContext Update="spt-x46" Profile="size" />""");
        Assert.Contains(
            "did you mean 'spt-x64'?",
            Assert.Single(_folder.Mistakes()),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Imports_in_a_circle_are_refused()
    {
        _folder.Write("workspace.props", "<Project>\n<Import Project=\"other.props\" /></Project>");
        _folder.Write(
            "other.props",
            "<Project>\n\n<Import Project=\"workspace.props\" /></Project>"
        );
        Assert.Equal(
            [
                "other.props(3): MORGANA050: These files import each other in a circle: workspace.props -> other.props -> workspace.props.",
            ],
            _folder.Mistakes()
        );
    }

    [Fact]
    public void A_document_type_is_refused_since_it_could_grow_without_end()
    {
        _folder.Write(
            "workspace.props",
            "<!DOCTYPE x [<!ENTITY a \"b\"><!ENTITY c \"&a;&a;\">]><Project>&c;</Project>"
        );
        Assert.StartsWith(
            "workspace.props(1): MORGANA050",
            Assert.Single(_folder.Mistakes()),
            StringComparison.Ordinal
        );
    }
}
