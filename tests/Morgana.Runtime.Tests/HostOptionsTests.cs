namespace Morgana.Runtime.Tests;

public class HostOptionsTests
{
    [Fact]
    public void The_machines_options_stand_before_the_programs_own()
    {
        var options = HostOptions.Read([
            "--mem=64",
            "--net:service=tap0",
            "--net-mac:service=02:00:00:00:00:01",
            "--port:53=5353",
            "--ipv4=10.0.0.2/24",
            "--port:54=5454",
        ]);
        Assert.Equal(4, options.Count);
        Assert.Equal("tap0", options.Networks["service"]);
        Assert.Equal(
            MacAddress.Parse("02:00:00:00:00:01", null),
            options.HardwareAddresses["service"]
        );
        Assert.Equal(5353, options.Ports[53]);
        Assert.False(options.Ports.ContainsKey(54));
    }

    [Fact]
    public void Two_hyphens_end_them()
    {
        Assert.Equal(1, HostOptions.Read(["--", "--mem=64"]).Count);
        Assert.Equal(2, HostOptions.Read(["--mem=64", "--", "--"]).Count);
        Assert.Equal(0, HostOptions.Read([]).Count);
    }

    [Theory]
    [InlineData("--port:53")]
    [InlineData("--port:53=")]
    [InlineData("--port:=53")]
    [InlineData("--port:53=65536")]
    [InlineData("--port:0=53")]
    [InlineData("--port:+53=53")]
    [InlineData("--net-mac:a=b")]
    [InlineData("--net:=tap0")]
    [InlineData("--block:disk=file")]
    public void What_is_wrong_is_said(string argument) =>
        Assert.StartsWith(
            argument,
            Assert.Throws<HostException>(() => HostOptions.Read([argument])).Message,
            StringComparison.Ordinal
        );
}
