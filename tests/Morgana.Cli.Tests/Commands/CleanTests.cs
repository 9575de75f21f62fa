using System.Text.Json.Nodes;

namespace Morgana.Cli.Tests;

public sealed class CleanTests : IDisposable
{
    private readonly UnikernelSandbox _sandbox = new();

    public CleanTests()
    {
        _sandbox.Know(UnikernelSandbox.SampleJob);
        File.WriteAllText(_sandbox.Path("Unikernel.cs"), "// mine");
        File.WriteAllText(_sandbox.Path("packages.lock.json"), "{}");
    }

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task What_the_tool_made_goes_and_what_the_user_made_stays()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure"));
        Directory.CreateDirectory(_sandbox.Path("bin/Release"));
        Directory.CreateDirectory(_sandbox.Path("dist"));
        File.WriteAllText(_sandbox.Path("dist/sample.spt"), "");
        File.WriteAllText(_sandbox.Path("dist/sample.spt.debug"), "");
        File.WriteAllText(_sandbox.Path("dist/notes.txt"), "mine");
        File.WriteAllText(_sandbox.Path("morgana/Mine.cs"), "mine");
        File.AppendAllText(_sandbox.Path("morgana/Keys.cs"), "// edited");
        Assert.Equal(0, await _sandbox.RunAsync("clean"));
        Assert.Equal(
            [
                "Unikernel.cs",
                "config.cs",
                "dist/notes.txt",
                "morgana/Keys.cs",
                "morgana/Mine.cs",
                "packages.lock.json",
                "workspace.props",
            ],
            _sandbox.Snapshot().Keys
        );
        Assert.False(Directory.Exists(_sandbox.Path("bin")));
        Assert.False(Directory.Exists(_sandbox.Path("obj")));
        Assert.Contains("removed  morgana/Main.cs\n", _sandbox.Out, StringComparison.Ordinal);
        Assert.Contains("removed  obj/\n", _sandbox.Out, StringComparison.Ordinal);
        Assert.Contains("kept     morgana/Keys.cs", _sandbox.Out, StringComparison.Ordinal);
        Assert.Contains("kept     dist/notes.txt", _sandbox.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_folders_go_and_a_second_clean_has_nothing_to_do()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure"));
        Assert.Equal(0, await _sandbox.RunAsync("clean"));
        Assert.Equal(
            ["Unikernel.cs", "config.cs", "packages.lock.json", "workspace.props"],
            _sandbox.Snapshot().Keys
        );
        Assert.Empty(Directory.GetDirectories(_sandbox.Root));
        Assert.Equal(0, await _sandbox.RunAsync("clean"));
        Assert.Equal("There is nothing to remove.\n", _sandbox.Out);
    }

    [Fact]
    public async Task A_dry_run_removes_nothing()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure"));
        SortedDictionary<string, DateTime> before = _sandbox.Snapshot();
        Assert.Equal(0, await _sandbox.RunAsync("clean", "-n", "--json"));
        Assert.Equal(before, _sandbox.Snapshot());
        Assert.Equal(7, JsonNode.Parse(_sandbox.Out)!["removed"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_link_called_obj_is_removed_and_not_followed()
    {
        using UnikernelSandbox elsewhere = new();
        File.WriteAllText(elsewhere.Path("precious.txt"), "mine");
        Directory.Delete(_sandbox.Path("obj"), recursive: true);
        Directory.CreateSymbolicLink(_sandbox.Path("obj"), elsewhere.Root);
        Assert.Equal(0, await _sandbox.RunAsync("clean"));
        Assert.False(Path.Exists(_sandbox.Path("obj")));
        Assert.Equal("mine", elsewhere.Read("precious.txt"));
    }
}
