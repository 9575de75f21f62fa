using Morgana.Workspace.Steps;

namespace Morgana.Workspace.Tests;

public sealed class StepRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public StepRunTests()
    {
        _folder.Write("tool/tool.csproj", "");
        _folder.Write("files/a.txt", "");
        _folder.Write("files/deep/b.txt", "");
        _folder.Generate("spt-x64", "spt-arm64", "unix-x64");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_step_runs_once_for_all_contexts_in_the_environment_of_its_host()
    {
        _folder.Declare(
            """
            <BuildContext Update="default" Environment="A=1" />
            <BuildContext Update="spt-*" Environment="B=2" />
            <BuildStep Include="s" Program="tool/tool.csproj" Inputs="files/**" Outputs="obj/S.cs;obj/s.bin" />
            """
        );
        StepRun run = Assert.Single(StepRun.Of(_folder.Load()));
        Assert.Null(run.Context);
        Assert.Equal("default", run.Host.Name);
        Assert.Equal(["A=1"], run.Environment);
        Assert.Equal([_folder["files/a.txt"], _folder["files/deep/b.txt"]], run.Inputs);
        Assert.Equal([_folder["obj/S.cs"]], run.Sources);
    }

    [Fact]
    public void A_step_that_speaks_of_its_context_runs_for_each_in_which_it_is_enabled()
    {
        _folder.Declare(
            """
            <BuildContext Update="spt-*" Environment="B=2" />
            <BuildStep Include="s" Program="tool/tool.csproj" Arguments="--for {architecture}" Outputs="obj/{context}.bin" EnabledIf="target == spt" />
            """
        );
        IReadOnlyList<StepRun> runs = StepRun.Of(_folder.Load());
        Assert.Equal(["s.spt-x64", "s.spt-arm64"], runs.Select(run => run.Name));
        Assert.Equal(["--for", "arm64"], runs[1].Arguments);
        Assert.Equal([_folder["obj/spt-arm64.bin"]], runs[1].Outputs);
        Assert.Contains("B=2", runs[1].Environment);
        Assert.Contains("MORGANA_ARCHITECTURE=arm64", runs[1].Environment);
    }

    [Fact]
    public void A_step_that_no_enabled_context_wants_does_not_run()
    {
        _folder.Declare(
            """
            <BuildContext Update="*" EnabledIf="architecture == x64" />
            <BuildStep Include="s" Program="tool/tool.csproj" Outputs="obj/s.bin" EnabledIf="architecture == arm64" />
            """
        );
        Assert.Empty(StepRun.Of(_folder.Load()));
    }

    [Fact]
    public void What_an_earlier_step_makes_need_not_be_there_and_what_nobody_makes_must()
    {
        _folder.Declare(
            """
            <BuildStep Include="a" Program="tool/tool.csproj" Outputs="obj/a.txt" />
            <BuildStep Include="b" Program="tool/tool.csproj" Inputs="obj/a.txt" Outputs="obj/b.txt" />
            """
        );
        Assert.Equal([_folder["obj/a.txt"]], StepRun.Of(_folder.Load())[1].Inputs);
        _folder.Declare(
            """<BuildStep Include="b" Program="tool/tool.csproj" Inputs="obj/a.txt" Outputs="obj/b.txt" />"""
        );
        Mistake("The step 'b' reads obj/a.txt, and there is no");
    }

    [Fact]
    public void Two_runs_that_write_one_file_are_refused()
    {
        _folder.Declare(
            """<BuildStep Include="s" Program="tool/tool.csproj" Arguments="{target}" Outputs="obj/s.bin" />"""
        );
        Mistake("is written by s.spt-x64 and s.spt-arm64 and s.unix-x64");
    }

    [Fact]
    public void A_program_is_built_for_one_host()
    {
        _folder.Declare(
            """
            <BuildContext Include="tools" TargetName="host" Profile="debug" />
            <BuildContext Update="unix-*" Host="tools" />
            <BuildStep Include="s" Program="tool/tool.csproj" Outputs="obj/s.bin" />
            """
        );
        Mistake("enabled for contexts of different hosts (default, tools)");
        _folder.Declare(
            """
            <BuildContext Include="tools" TargetName="host" Profile="debug" />
            <BuildContext Update="unix-*" Host="tools" />
            <BuildStep Include="s" Program="tool/tool.csproj" Outputs="obj/s.bin" EnabledIf="host == tools" />
            """
        );
        Assert.Equal("tools", Assert.Single(StepRun.Of(_folder.Load())).Host.Name);
    }

    private void Mistake(string text)
    {
        WorkspaceException e = Assert.Throws<WorkspaceException>(() => StepRun.Of(_folder.Load()));
        WorkspaceMistake mistake = e.Mistakes[^1];
        Assert.Equal("MORGANA058", mistake.Code);
        Assert.Equal(_folder["workspace.props"], mistake.File);
        Assert.Contains(text, mistake.Message, StringComparison.Ordinal);
    }
}
