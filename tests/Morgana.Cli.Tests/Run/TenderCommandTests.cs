using Morgana.Cli.Run;
using Morgana.Cli.Run.Images;
using Morgana.Cli.Run.Reporting;

namespace Morgana.Cli.Tests.Run;

public sealed class TenderCommandTests
{
    [Fact]
    public void The_command_line_is_that_of_solo5_spt()
    {
        RunOptions options = new()
        {
            MemoryMegabytes = 64,
            Networks = [new("management", "@5")],
            HardwareAddresses = [new("management", "02:00:00:00:00:01")],
            Blocks = [new("disk", "disk.img")],
            SectorSizes = [new("disk", "4096")],
            Arguments = ["--ipv4=10.0.0.2/24", "two words"],
        };
        Assert.Equal(
            [
                "morgana",
                "spt",
                "--mem=64",
                "--net:management=@5",
                "--net:service=tap0",
                "--net-mac:management=02:00:00:00:00:01",
                "--block:disk=disk.img",
                "--block-sector-size:disk=4096",
                "dist/x.spt",
                "--ipv4=10.0.0.2/24",
                "two words",
            ],
            TenderCommand.Build(
                ["morgana", "spt"],
                options,
                "dist/x.spt",
                new DeviceArgument("service", "tap0")
            )
        );
    }

    [Fact]
    public void An_image_whose_name_looks_like_an_option_is_still_the_image() =>
        Assert.Equal(
            ["t", "./--help"],
            TenderCommand.Build(["t"], new RunOptions(), "--help", null)
        );

    [Theory]
    [InlineData("plain --a=b,c:/d@5", "plain", "--a=b,c:/d@5")]
    [InlineData("'two words' '' 'a'\\''b' '$x' 'é'", "two words", "", "a'b", "$x", "é")]
    public void A_printed_command_is_what_a_shell_reads_back(string text, params string[] words) =>
        Assert.Equal(text, ShellText.Join(words));
}
