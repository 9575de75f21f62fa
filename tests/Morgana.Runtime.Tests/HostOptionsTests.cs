using CsCheck;

namespace Morgana.Runtime.Tests;

public sealed class HostOptionsTests
{
    [Fact]
    public void Options_of_the_machine_stand_first_and_the_programs_own_begin_where_they_end()
    {
        HostOptions options = HostOptions.Read([
            "--mem=64",
            "--net:service=tap0",
            "--net-mac:service=02:00:00:00:00:01",
            "--port:53=5353",
            "--ipv4=10.0.0.2/24",
            "--net:late=tap1",
        ]);
        Assert.Equal(4, options.Count);
        Assert.Equal("tap0", Assert.Single(options.Networks).Value);
        Assert.Equal("02:00:00:00:00:01", options.HardwareAddresses["service"].ToString());
        Assert.Equal(5353, options.Ports[53]);
    }

    [Fact]
    public void Two_dashes_end_them_and_are_no_argument_of_the_program()
    {
        HostOptions options = HostOptions.Read(["--port:53=5353", "--", "--port:54=5454"]);
        Assert.Equal(2, options.Count);
        Assert.False(options.Ports.ContainsKey(54));
    }

    [Theory]
    [InlineData("--net:service", "write --net:NAME=VALUE")]
    [InlineData("--net:=tap0", "write --net:NAME=VALUE")]
    [InlineData("--net:service=", "write --net:NAME=VALUE")]
    [InlineData("--net-mac:service=02:00", "write a hardware address")]
    [InlineData("--port:0=53", "both from 1 to 65535")]
    [InlineData("--port:53=65536", "both from 1 to 65535")]
    [InlineData("--port:53=-1", "both from 1 to 65535")]
    [InlineData("--port:dns=53", "both from 1 to 65535")]
    [InlineData("--block:disk=", "write --block:NAME=VALUE")]
    [InlineData("--block-sector-size:disk=256", "a power of two from 512 to 32768")]
    [InlineData("--block-sector-size:disk=1000", "a power of two from 512 to 32768")]
    [InlineData("--block-sector-size:disk=65536", "a power of two from 512 to 32768")]
    public void What_is_wrong_is_named(string argument, string message)
    {
        HostException refusal = Assert.Throws<HostException>(() => HostOptions.Read([argument]));
        Assert.Contains(argument, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_network_given_twice_is_refused() =>
        Assert.Contains(
            "--net:service is given twice",
            Assert
                .Throws<HostException>(() =>
                    HostOptions.Read(["--net:service=tap0", "--net:service=tap1"])
                )
                .Message,
            StringComparison.Ordinal
        );

    [Fact]
    public void Files_are_block_devices()
    {
        HostOptions options = HostOptions.Read([
            "--block:disk=some/file=1",
            "--block-sector-size:disk=4096",
            "rest",
        ]);
        Assert.Equal(2, options.Count);
        Assert.Equal("some/file=1", options.Blocks["disk"]);
        Assert.Equal(4096, options.BlockSizes["disk"]);
        Assert.Contains(
            "--block:disk is given twice",
            Assert
                .Throws<HostException>(() => HostOptions.Read(["--block:disk=a", "--block:disk=b"]))
                .Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Whatever_is_given_is_read_or_refused() =>
        Gen.Select(
                Gen.Int[0, 7],
                Gen.String[Gen.Char["=:-/0123456789abt "], 0, 12],
                (kind, text) =>
                    (
                        kind < 7
                            ? (
                                (string[])
                                    [
                                        "--mem=",
                                        "--net:",
                                        "--net-mac:",
                                        "--port:",
                                        "--block:",
                                        "--block-sector-size:",
                                        "--",
                                    ]
                            )[kind]
                            : ""
                    ) + text
            )
            .Array[0, 4]
            .Sample(arguments =>
            {
                try
                {
                    Assert.InRange(HostOptions.Read(arguments).Count, 0, arguments.Length);
                }
                catch (HostException refusal)
                {
                    Assert.NotEmpty(refusal.Message);
                }
            });
}
