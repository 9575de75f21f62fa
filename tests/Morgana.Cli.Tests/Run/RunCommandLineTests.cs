using System.CommandLine;
using Morgana.Cli.Run;

namespace Morgana.Cli.Tests.Run;

public sealed class RunCommandLineTests
{
    [Fact]
    public void Devices_are_given_as_the_tender_takes_them_or_apart()
    {
        RunOptions options = Read(
            "--net:service=tap0",
            "--net",
            "other=@5",
            "--net-mac:service=02:00:00:00:00:01",
            "--block:disk=a=b.img",
            "--block-sector-size:disk=4096"
        );
        Assert.Equal(
            ["service=tap0", "other=@5"],
            options.Networks.Select(device => device.ToString())
        );
        Assert.Equal(
            ["service=02:00:00:00:00:01"],
            options.HardwareAddresses.Select(device => device.ToString())
        );
        Assert.Equal("a=b.img", options.Blocks.Single().Value);
        Assert.Equal("disk=4096", options.SectorSizes.Single().ToString());
    }

    [Fact]
    public void Ports_add_up()
    {
        RunOptions options = Read("-p", "5353:53/udp", "-p=[::1]:8080:80", "--publish", "0:7/udp");
        Assert.Equal(
            ["0.0.0.0:5353:53/udp", "[::1]:8080:80/tcp", "0.0.0.0:0:7/udp"],
            options.Ports.Select(port => port.ToString())
        );
    }

    [Fact]
    public void Everything_after_the_dashes_is_the_images()
    {
        RunOptions options = Read(
            "-x",
            "--",
            "--ipv4=10.0.0.2/24",
            "-x",
            "--json",
            "--",
            "@file",
            ""
        );
        Assert.Equal(["--ipv4=10.0.0.2/24", "-x", "--json", "--", "@file", ""], options.Arguments);
        Assert.True(options.ShowCommand);
        Assert.False(options.Json);
    }

    [Theory]
    [InlineData("--mem", "0")]
    [InlineData("--mem", "much")]
    [InlineData("-p", "53")]
    [InlineData("-p", "5353:53/icmp")]
    [InlineData("--net", "service")]
    [InlineData("--net:service=", "")]
    public void What_cannot_be_read_is_an_error_of_the_command_line(string option, string value) =>
        Assert.NotEmpty(
            Parse(new RunCommandLine(), value.Length == 0 ? [option] : [option, value]).Errors
        );

    [Theory]
    [InlineData("stray", "stray")]
    [InlineData("stray", "stray", "--", "argument")]
    [InlineData("image.spt", "-x", "image.spt")]
    public void A_word_before_the_dashes_is_refused_with_what_to_write(
        string word,
        params string[] words
    )
    {
        RunException refusal = Assert.Throws<RunException>(() => Read(words));
        Assert.Contains($"'{word}'", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("--image PATH", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_words_for_the_second_process_mean_the_same()
    {
        string[] words =
        [
            "--net:a=tap0",
            "-p=1:2/udp",
            "--mem=48",
            "--json",
            "--",
            "--ipv4=10.0.0.2/24",
            "--",
            "-p",
            "@x",
        ];
        RunCommandLine line = new();
        RunOptions first = line.Read(Parse(line, words));
        RunOptions second = Read([.. RunCommandLine.Words(Parse(line, words))]);
        Assert.Equal(first.Networks, second.Networks);
        Assert.Equal(first.Ports, second.Ports);
        Assert.Equal(first.Arguments, second.Arguments);
        Assert.Equal((first.MemoryMegabytes, first.Json), (second.MemoryMegabytes, second.Json));
    }

    private static RunOptions Read(params string[] words)
    {
        RunCommandLine line = new();
        ParseResult parsed = Parse(line, words);
        Assert.Empty(parsed.Errors);
        return line.Read(parsed);
    }

    private static ParseResult Parse(RunCommandLine line, string[] words) =>
        new RootCommand { line.Command }.Parse(
            ["run", .. words],
            new ParserConfiguration { ResponseFileTokenReplacer = null }
        );
}
