using System.Text.Json.Nodes;
using Morgana.Configuration.Generation;
using static Morgana.Configuration.Devices;

namespace Morgana.Cli.Tests;

public sealed class ConfigureTests : IDisposable
{
    private readonly UnikernelSandbox _sandbox = new();

    public ConfigureTests() => _sandbox.Know(UnikernelSandbox.SampleJob);

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task It_writes_its_files_and_says_so()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure", "-t", "spt", "--network"));
        Assert.Equal(
            [
                "config.cs",
                "morgana/Keys.cs",
                "morgana/Main.cs",
                "morgana/context.json",
                "morgana/contexts.props",
                "morgana/manifest.json",
                "morgana/project.props",
                "workspace.props",
            ],
            _sandbox.Snapshot().Keys
        );
        Assert.Equal(
            """
            sample, configured for spt:
              wrote     morgana/Keys.cs
              wrote     morgana/Main.cs
              wrote     morgana/contexts.props
              wrote     morgana/manifest.json
              wrote     morgana/project.props
              wrote     morgana/context.json
              began     workspace.props (yours: configure does not touch it again)

            """,
            _sandbox.Out
        );
        Assert.Contains(
            "bool Network => true;",
            _sandbox.Read("morgana/Keys.cs"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Images_of_an_earlier_configuration_go_and_once_stayed_beside_new_ones()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure", "-t", "spt,unix"));
        Directory.CreateDirectory(_sandbox.Path("dist"));
        foreach (string file in (string[])["sample.spt", "sample", "sample.hvt", "notes.txt"])
        {
            await File.WriteAllTextAsync(
                _sandbox.Path("dist/" + file),
                "",
                TestContext.Current.CancellationToken
            );
        }

        Assert.Equal(0, await _sandbox.RunAsync("configure", "-t", "unix"));
        Assert.Contains("removed   dist/sample.spt", _sandbox.Out, StringComparison.Ordinal);
        // The last two were never made here.
        Assert.Equal(
            ["notes.txt", "sample", "sample.hvt"],
            Directory
                .GetFiles(_sandbox.Path("dist"))
                .Select(path => Path.GetFileName(path))
                .Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Several_architectures_go_into_the_project_and_the_context_in_one_order()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure", "--arch", "arm64,x64"));
        Assert.Contains(
            "<MorganaArchitectures>x64;arm64</MorganaArchitectures>",
            _sandbox.Read("morgana/project.props"),
            StringComparison.Ordinal
        );
        Assert.Equal(
            ["sample.x64.spt", "sample.arm64.spt"],
            SavedContext.FromJson(_sandbox.Read("morgana/context.json")).Images()
        );
    }

    [Fact]
    public async Task The_usual_architecture_alone_leaves_no_trace()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure"));
        string without = _sandbox.Read("morgana/context.json");
        Assert.Equal(0, await _sandbox.RunAsync("configure", "--arch", "x64"));
        Assert.Equal(without, _sandbox.Read("morgana/context.json"));
        Assert.Equal(["sample.spt"], SavedContext.FromJson(without).Images());
    }

    [Theory]
    [InlineData("riscv")]
    [InlineData("x64,arm")]
    [InlineData(",")]
    public async Task An_architecture_that_is_not_there_is_refused_with_those_that_are(string list)
    {
        Assert.NotEqual(0, await _sandbox.RunAsync("configure", "--arch", list));
        Assert.Contains("x64 or arm64", _sandbox.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_configure_writes_nothing_and_says_so()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure", "--mode=slow"));
        // A time that no clock gives again.
        foreach (string file in Directory.GetFiles(_sandbox.Path("morgana")))
        {
            File.SetLastWriteTimeUtc(file, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        SortedDictionary<string, DateTime> before = _sandbox.Snapshot();
        Assert.Equal(0, await _sandbox.RunAsync("configure", "--mode", "slow"));
        Assert.Equal("sample is already configured for spt: nothing to write.\n", _sandbox.Out);
        Assert.Equal(before, _sandbox.Snapshot());
    }

    [Fact]
    public async Task Another_key_writes_only_what_it_changes()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure"));
        Assert.Equal(0, await _sandbox.RunAsync("configure", "--mode=slow"));
        Assert.Contains("wrote     morgana/Keys.cs", _sandbox.Out, StringComparison.Ordinal);
        Assert.Contains("unchanged morgana/manifest.json", _sandbox.Out, StringComparison.Ordinal);
        Assert.Contains(
            "Mode => \"slow\"",
            _sandbox.Read("morgana/Keys.cs"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Targets_and_architectures_are_given_again_or_with_commas()
    {
        Assert.Equal(
            0,
            await _sandbox.RunAsync(
                "configure",
                "-t",
                "spt",
                "-t",
                "unix",
                "--arch",
                "arm64",
                "--arch",
                "x64"
            )
        );
        Assert.StartsWith(
            "sample, configured for spt and unix on x64 and arm64:\n",
            _sandbox.Out,
            StringComparison.Ordinal
        );
        Assert.Equal(
            0,
            await _sandbox.RunAsync("configure", "-t", "spt,unix", "--arch", "x64,arm64")
        );
        Assert.Contains("nothing to write", _sandbox.Out, StringComparison.Ordinal);
        string contexts = _sandbox.Read("morgana/contexts.props");
        Assert.All(
            ["spt-x64", "spt-arm64", "unix-x64", "unix-arm64"],
            name => Assert.Contains($"\"{name}\"", contexts, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("spt,xen")]
    [InlineData("xen")]
    public async Task A_target_that_is_not_there_is_named(string targets)
    {
        Assert.Equal(2, await _sandbox.RunAsync("configure", "-t", targets));
        Assert.Contains("no target 'xen'", _sandbox.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_sandbox.Path("morgana")));
    }

    [Fact]
    public async Task What_it_begins_for_the_user_it_never_touches_again()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure", "-t", "spt"));
        // spt cannot be debugged: there is nothing that F5 could do.
        Assert.False(Directory.Exists(_sandbox.Path(".vscode")));
        File.WriteAllText(_sandbox.Path("workspace.props"), "mine");
        Assert.Equal(0, await _sandbox.RunAsync("configure", "-t", "spt,unix"));
        Assert.Equal("mine", _sandbox.Read("workspace.props"));
        Assert.Equal(
            "${workspaceFolder}/bin/Debug/net10.0/sample.dll",
            JsonNode.Parse(_sandbox.Read(".vscode/launch.json"))!["configurations"]![0]![
                "program"
            ]!.GetValue<string>()
        );
        File.Delete(_sandbox.Path(".vscode/launch.json"));
        File.WriteAllText(_sandbox.Path(".vscode/tasks.json"), "mine");
        Assert.Equal(0, await _sandbox.RunAsync("configure", "-t", "unix"));
        // Whoever has tasks of his own starts the debugger in his own way.
        Assert.Equal("mine", _sandbox.Read(".vscode/tasks.json"));
        Assert.False(File.Exists(_sandbox.Path(".vscode/launch.json")));
    }

    [Fact]
    public async Task Json_tells_the_same()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure", "--json", "--network"));
        JsonNode report = JsonNode.Parse(_sandbox.Out)!;
        Assert.Equal("sample", (string?)report["name"]);
        Assert.Equal("true", (string?)report["keys"]!["network"]);
        Assert.Equal("written", (string?)report["files"]![0]!["change"]);
        Assert.Equal(0, await _sandbox.RunAsync("configure", "--json", "--network"));
        Assert.Equal("unchanged", (string?)JsonNode.Parse(_sandbox.Out)!["files"]![0]!["change"]);
    }

    [Fact]
    public async Task What_an_earlier_configure_wrote_and_this_one_does_not_goes()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure"));
        // As an earlier version with two more files would have left it; one was edited since.
        File.WriteAllText(_sandbox.Path("morgana/Old.cs"), "old");
        File.WriteAllText(_sandbox.Path("morgana/Edited.cs"), "edited");
        File.WriteAllText(_sandbox.Path("morgana/Mine.cs"), "mine");
        File.WriteAllText(_sandbox.Path("outside.txt"), "outside");
        JsonNode context = JsonNode.Parse(_sandbox.Read("morgana/context.json"))!;
        context["files"]!["Old.cs"] = SavedContext.Hash("old"u8);
        context["files"]!["Edited.cs"] = SavedContext.Hash("original"u8);
        context["files"]!["../outside.txt"] = SavedContext.Hash("outside"u8);
        File.WriteAllText(_sandbox.Path("morgana/context.json"), context.ToJsonString());
        Assert.Equal(0, await _sandbox.RunAsync("configure"));
        Assert.Contains("removed   morgana/Old.cs\n", _sandbox.Out, StringComparison.Ordinal);
        Assert.Contains(
            "kept      morgana/Edited.cs (no longer",
            _sandbox.Out,
            StringComparison.Ordinal
        );
        Assert.False(File.Exists(_sandbox.Path("morgana/Old.cs")));
        Assert.Equal("edited", _sandbox.Read("morgana/Edited.cs"));
        Assert.Equal("mine", _sandbox.Read("morgana/Mine.cs"));
        Assert.Equal("outside", _sandbox.Read("outside.txt"));
    }

    [Theory]
    [InlineData("Main.cs")]
    [InlineData("manifest.json")]
    [InlineData("context.json")]
    public async Task A_file_of_the_user_in_the_way_is_not_touched_without_force(string name)
    {
        Directory.CreateDirectory(_sandbox.Path("morgana"));
        File.WriteAllText(_sandbox.Path("morgana/" + name), "{}");
        SortedDictionary<string, DateTime> before = _sandbox.Snapshot();
        Assert.Equal(ExitCode.Failed, await _sandbox.RunAsync("configure"));
        Assert.Contains($"morgana/{name} is in the way", _sandbox.Error, StringComparison.Ordinal);
        Assert.Equal(before, _sandbox.Snapshot());
        Assert.Equal(0, await _sandbox.RunAsync("configure", "--force"));
        Assert.Contains(
            $"replaced  morgana/{name} (not written by configure)",
            _sandbox.Out,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_generated_file_changed_by_hand_is_restored_with_a_word()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure"));
        string main = _sandbox.Read("morgana/Main.cs");
        File.WriteAllText(_sandbox.Path("morgana/Main.cs"), main + "// mine\n");
        Assert.Equal(0, await _sandbox.RunAsync("configure"));
        Assert.Contains(
            "wrote     morgana/Main.cs (over changes made by hand)",
            _sandbox.Out,
            StringComparison.Ordinal
        );
        Assert.Equal(main, _sandbox.Read("morgana/Main.cs"));
    }

    [Fact]
    public async Task Two_folders_get_the_same_bytes()
    {
        using UnikernelSandbox other = new();
        other.Know(UnikernelSandbox.SampleJob);
        Assert.Equal(0, await _sandbox.RunAsync("configure", "--network", "--mode=slow"));
        Assert.Equal(
            0,
            await other.RunAsync("configure", "--mode=slow", "--network=yes", "-t", "spt")
        );
        foreach (string file in _sandbox.Snapshot().Keys.Where(f => f != "morgana/context.json"))
        {
            Assert.Equal(_sandbox.Read(file), other.Read(file));
        }
    }

    [Fact]
    public async Task A_contradiction_in_the_configuration_is_an_error_of_config_cs()
    {
        _sandbox.Know(Job("A.B", Package("X", "1.0"), Package("X", "2.0")).Apply());
        Assert.Equal(ExitCode.Failed, await _sandbox.RunAsync("configure"));
        Assert.StartsWith(
            "morgana: config.cs: error: The package 'X' is needed in two versions",
            _sandbox.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_declared_input_that_is_not_there_is_an_error()
    {
        File.WriteAllText(_sandbox.Path("zones.txt"), "a");
        _sandbox.Know(UnikernelSandbox.SampleJob, "zones.txt");
        Assert.Equal(0, await _sandbox.RunAsync("configure"));
        Assert.Contains(
            "zones.txt",
            _sandbox.Read("morgana/context.json"),
            StringComparison.Ordinal
        );
    }
}
