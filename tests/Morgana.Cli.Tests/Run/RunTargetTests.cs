using Morgana.Cli.Run;
using Morgana.Configuration;
using Morgana.Elf;

namespace Morgana.Cli.Tests.Run;

public sealed class RunTargetTests : IDisposable
{
    private readonly UnikernelSandbox _sandbox = new();

    public RunTargetTests() => _sandbox.Know(UnikernelSandbox.SampleJob);

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task The_first_target_that_it_is_configured_for_is_run()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure", "-t", "unix,spt"));
        Directory.CreateDirectory(_sandbox.Path("dist"));
        File.WriteAllText(_sandbox.Path("dist/sample"), "");
        File.WriteAllText(_sandbox.Path("dist/sample.spt"), "");
        Assert.Equal(Path.Combine("dist", "sample"), Find(null).Image);
        Assert.Equal(Path.Combine("dist", "sample.spt"), Find("spt").Image);
    }

    [Fact]
    public async Task A_target_that_it_is_not_configured_for_is_explained()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure", "-t", "spt"));
        Assert.Contains("morgana configure -t spt,unix", Refusal("unix"), StringComparison.Ordinal);
        Assert.Contains("morgana build", Refusal("spt"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("xen", "no target 'xen'")]
    [InlineData("unix", "--image PATH")]
    public void Without_a_configuration_targets_are_known_all_the_same(string name, string part) =>
        Assert.Contains(part, Refusal(name), StringComparison.Ordinal);

    [Fact]
    public void An_image_that_is_named_says_itself_what_it_is_for()
    {
        string path = _sandbox.Path("other.hvt");
        File.WriteAllBytes(
            path,
            new ElfImageWriter(ElfMachine.X64, 0x100000)
                .Note("Solo5", AbiNote.NoteType, new AbiNote(AbiTarget.Hvt, 2).ToDescriptor())
                .Write()
        );
        RunTarget found = RunTarget.Find(new RunOptions { Image = path }, _sandbox.Root);
        Assert.Equal(Target.Hvt, found.Target);
    }

    [Fact]
    public void The_debugger_gets_the_target_that_is_ordinary_dotnet() =>
        Assert.True(
            RunTarget.Find(new RunOptions { Debug = true }, _sandbox.Root).Target.RunsOnDotnet
        );

    private RunTarget Find(string? target) =>
        RunTarget.Find(new RunOptions { Target = target }, _sandbox.Root);

    private string Refusal(string target) =>
        Assert.Throws<RunException>(() => Find(target)).Message;
}
