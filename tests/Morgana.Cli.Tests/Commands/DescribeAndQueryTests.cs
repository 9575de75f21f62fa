using System.Text.Json.Nodes;

namespace Morgana.Cli.Tests;

public sealed class DescribeAndQueryTests : IDisposable
{
    private readonly UnikernelSandbox _sandbox = new();

    public DescribeAndQueryTests() => _sandbox.Know(UnikernelSandbox.SampleJob);

    public void Dispose() => _sandbox.Dispose();

    [Fact]
    public async Task Choices_are_open_unless_asked_for()
    {
        Assert.Equal(0, await _sandbox.RunAsync("describe"));
        Assert.Contains(
            "network: stack: Morgana.Net.IIpv4Stack",
            _sandbox.Out,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "otherwise: none: Morgana.Net.IUdp",
            _sandbox.Out,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(false, "--eval")]
    [InlineData(false, "-t", "spt")]
    [InlineData(true, "--network")]
    public async Task A_key_makes_them(bool network, params string[] arguments)
    {
        Assert.Equal(0, await _sandbox.RunAsync(["describe", .. arguments]));
        Assert.DoesNotContain("otherwise", _sandbox.Out, StringComparison.Ordinal);
        Assert.Equal(network, _sandbox.Out.Contains("Ipv4Stack", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Eval_takes_what_it_is_configured_for()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure", "--network", "--mode=slow"));
        Assert.Equal(0, await _sandbox.RunAsync("describe", "--eval"));
        Assert.Contains("Ipv4Stack", _sandbox.Out, StringComparison.Ordinal);
        Assert.Equal(0, await _sandbox.RunAsync("describe", "--network=no"));
        Assert.DoesNotContain("Ipv4Stack", _sandbox.Out, StringComparison.Ordinal);
        Assert.Contains("--mode  = slow", _sandbox.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_and_dot()
    {
        Assert.Equal(0, await _sandbox.RunAsync("describe", "--json", "--network"));
        JsonNode graph = JsonNode.Parse(_sandbox.Out)!;
        Assert.Equal("true", (string?)graph["values"]!["network"]);
        Assert.True(graph["chosen"]!.AsArray().Count < graph["nodes"]!.AsArray().Count);
        Assert.Equal(0, await _sandbox.RunAsync("describe", "--dot"));
        Assert.StartsWith("digraph \"sample\" {\n", _sandbox.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name", "sample\n")]
    [InlineData("target", "spt\n")]
    [InlineData("targets", "spt\nhvt\nvirtio\nunix\n")]
    [InlineData("keys", "mode=fast\nnetwork=true\ntarget=spt\n")]
    [InlineData("boot-arguments", "--ipv4\n--ipv4-gateway\n")]
    [InlineData("packages", "")]
    [InlineData("libraries", "Morgana.Net\n")]
    [InlineData("image", "dist/sample.spt\n")]
    [InlineData(
        "files",
        "morgana/Keys.cs\nmorgana/Main.cs\nmorgana/context.json\nmorgana/contexts.props\nmorgana/manifest.json\nmorgana/project.props\n"
    )]
    public async Task Each_question_has_an_answer_and_the_same_in_JSON(string what, string answer)
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure", "--network"));
        Assert.Equal(0, await _sandbox.RunAsync("query", what));
        Assert.Equal(answer, _sandbox.Out);
        Assert.Equal(0, await _sandbox.RunAsync("query", what, "--json"));
        Assert.Equal(
            answer,
            string.Concat(
                JsonNode.Parse(_sandbox.Out)!.AsArray().Select(line => (string?)line + "\n")
            )
        );
    }

    [Fact]
    public async Task The_manifest_is_the_file_that_configure_writes()
    {
        Assert.Equal(0, await _sandbox.RunAsync("configure", "--network"));
        Assert.Equal(0, await _sandbox.RunAsync("query", "manifest"));
        Assert.Equal(_sandbox.Read("morgana/manifest.json"), _sandbox.Out);
    }
}
