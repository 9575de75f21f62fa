using System.Text.Json.Nodes;

namespace Morgana.Cli.Tests.Commands;

public sealed class ContextsTests : IDisposable
{
    private readonly UnikernelSandbox _sandbox = new();

    public ContextsTests()
    {
        // A checkout around a unikernel: the SDK's toolchains are told from the workspace's own.
        Write(
            "src/Morgana.Sdk/Sdk/Morgana.props",
            "<Project><PropertyGroup><MorganaIlcVersion>9.9.9</MorganaIlcVersion></PropertyGroup></Project>"
        );
        foreach (string architecture in (string[])["x64", "arm64"])
        {
            Write(
                $"toolchains/{architecture}/toolchain.json",
                File.ReadAllText(
                        Path.Combine(
                            UnikernelSandbox.Checkout,
                            "toolchains",
                            architecture,
                            "toolchain.json"
                        )
                    )
                    .Replace("\"clang\"", "\"no-such-compiler\"", StringComparison.Ordinal)
            );
        }

        Write("app/config.cs", "");
        Write(
            "app/morgana/contexts.props",
            """
            <Project><ItemGroup>
            <BuildContext Include="spt-x64" TargetName="spt" Architecture="x64" Image="app.x64.spt" />
            <BuildContext Include="spt-arm64" TargetName="spt" Architecture="arm64" Image="app.arm64.spt" />
            </ItemGroup></Project>
            """
        );
    }

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Each_context_is_listed_with_what_is_missing_to_use_it_here()
    {
        Write(
            "app/workspace.props",
            """<Project><ItemGroup><BuildContext Update="spt-arm64" EnabledIf="architecture == x64" /></ItemGroup></Project>"""
        );
        Assert.Equal(0, await RunAsync("contexts"));
        string[] lines = _sandbox.Out.Split('\n');
        Assert.Matches(
            "^CONTEXT +HOST +TARGET +ARCHITECTURE +TOOLCHAIN +FROM +PROFILE +IMAGE +USABLE$",
            lines[0]
        );
        Assert.Matches(@"^default +- +host +\w+ +\.NET +- +release +- +yes$", lines[1]);
        Assert.Matches(
            @"^spt-x64 +default +spt +x64 +morgana +SDK +release +app\.x64\.spt +no$",
            lines[2]
        );
        Assert.StartsWith(
            "    missing: no-such-compiler: install it",
            lines[3],
            StringComparison.Ordinal
        );
        Assert.Contains(
            "missing: package microsoft.netcore.app.runtime.nativeaot.linux-x64 9.9.9: run morgana depends",
            _sandbox.Out,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "disabled by EnabledIf=\"architecture == x64\"",
            _sandbox.Out,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Programs_get_the_same_as_JSON()
    {
        Write(
            "app/workspace.props",
            """<Project><ItemGroup><BuildContext Include="mine" TargetName="spt" Toolchain="morgan" /></ItemGroup></Project>"""
        );
        Assert.Equal(0, await RunAsync("contexts", "--json"));
        JsonArray rows = JsonNode.Parse(_sandbox.Out)!.AsArray();
        Assert.Equal(
            ["default", "spt-x64", "spt-arm64", "mine"],
            rows.Select(row => (string)row!["context"]!)
        );
        Assert.True((bool)rows[0]!["usable"]!);
        Assert.Equal("dist/app.arm64.spt", (string)rows[2]!["image"]!);
        Assert.Equal("morgana/contexts.props", (string)rows[2]!["file"]!);
        Assert.Equal(3, (int)rows[2]!["line"]!);
        Assert.False((bool)rows[3]!["usable"]!);
        // An unknown toolchain hides neither the other contexts nor what there is.
        string remedy = (string)rows[3]!["missing"]![0]!["remedy"]!;
        Assert.Contains("workspace.props(1)", remedy, StringComparison.Ordinal);
        Assert.Contains("did you mean 'morgana'?", remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mistake_is_told_with_file_and_line()
    {
        Write(
            "app/workspace.props",
            "<Project><ItemGroup>\n<BuildContext Update=\"spt-*\" Profil=\"size\" /></ItemGroup></Project>"
        );
        Assert.Equal(ExitCode.Failed, await RunAsync("contexts"));
        Assert.Contains(
            "workspace.props(2): error MORGANA051: A <BuildContext> has no field 'Profil'; did you mean 'Profile'?",
            _sandbox.Error,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Without_a_configuration_it_says_what_to_run()
    {
        Assert.Equal(ExitCode.NotConfigured, await _sandbox.RunAsync("contexts"));
        Assert.Contains("morgana configure", _sandbox.Error, StringComparison.Ordinal);
    }

    private Task<int> RunAsync(params string[] arguments) =>
        _sandbox.RunAsync(["-C", _sandbox.Path("app"), .. arguments]);

    private void Write(string file, string text)
    {
        _ = Directory.CreateDirectory(Path.GetDirectoryName(_sandbox.Path(file))!);
        File.WriteAllText(_sandbox.Path(file), text);
    }
}
