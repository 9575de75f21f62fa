namespace Morgana.Cli.Tests;

public sealed class StaleConfigurationTests : IDisposable
{
    private readonly UnikernelSandbox _sandbox = new();

    public StaleConfigurationTests() => File.WriteAllText(_sandbox.Path("zones.txt"), "a");

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("build")]
    [InlineData("depends")]
    public async Task Without_a_configuration_it_ends_with_3(string command)
    {
        Assert.Equal(ExitCode.NotConfigured, await _sandbox.RunAsync(command));
        Assert.Contains("run morgana configure", _sandbox.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("config.cs")]
    [InlineData("zones.txt")]
    [InlineData("morgana/Main.cs")]
    [InlineData("morgana/manifest.json")]
    public async Task After_a_change_it_ends_with_3_and_names_the_file_and_the_command(string file)
    {
        _sandbox.Know(UnikernelSandbox.SampleJob, "zones.txt");
        Assert.Equal(0, await _sandbox.RunAsync("configure", "--mode=slow"));
        File.AppendAllText(_sandbox.Path(file), "// changed\n");
        foreach (string command in (string[])["build", "depends"])
        {
            Assert.Equal(ExitCode.NotConfigured, await _sandbox.RunAsync(command));
            Assert.Contains(file, _sandbox.Error, StringComparison.Ordinal);
            Assert.Contains(
                "run morgana configure -t spt --mode=slow.",
                _sandbox.Error,
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task After_a_generated_file_is_gone_it_ends_with_3()
    {
        _sandbox.Know(UnikernelSandbox.SampleJob);
        Assert.Equal(0, await _sandbox.RunAsync("configure"));
        File.Delete(_sandbox.Path("morgana/Keys.cs"));
        Assert.Equal(ExitCode.NotConfigured, await _sandbox.RunAsync("build"));
        Assert.Contains("morgana/Keys.cs", _sandbox.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not JSON")]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task A_damaged_context_ends_with_3(string content)
    {
        _sandbox.Know(UnikernelSandbox.SampleJob);
        Assert.Equal(0, await _sandbox.RunAsync("configure"));
        File.WriteAllText(_sandbox.Path("morgana/context.json"), content);
        Assert.Equal(ExitCode.NotConfigured, await _sandbox.RunAsync("build"));
        Assert.Contains(
            "morgana/context.json is damaged",
            _sandbox.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_context_of_another_version_ends_with_3()
    {
        _sandbox.Know(UnikernelSandbox.SampleJob);
        Assert.Equal(0, await _sandbox.RunAsync("configure"));
        File.WriteAllText(
            _sandbox.Path("morgana/context.json"),
            _sandbox
                .Read("morgana/context.json")
                .Replace("\"tool\": \"0.1.0\"", "\"tool\": \"0.0.9\"", StringComparison.Ordinal)
        );
        Assert.Equal(ExitCode.NotConfigured, await _sandbox.RunAsync("build"));
        Assert.Contains("morgana 0.0.9", _sandbox.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_project_file_build_says_which_to_write()
    {
        _sandbox.Know(UnikernelSandbox.SampleJob);
        Assert.Equal(0, await _sandbox.RunAsync("configure"));
        Assert.Equal(ExitCode.Usage, await _sandbox.RunAsync("build"));
        Assert.Contains("sample.csproj", _sandbox.Error, StringComparison.Ordinal);
    }
}
