using Morgana.Rig.Guest;

namespace Morgana.Rig.Tests;

public sealed class RigCommandLineTests
{
    [Fact]
    public void Everything_before_the_dashes_is_the_rigs_and_everything_after_is_the_command()
    {
        RigCommandLine line = RigCommandLine.Parse(
            ["arm64", "--forward", "udp:5355:53", "--timeout", "9", "--", "./a", "--", "-v"],
            out _
        )!;
        Assert.Equal(RigArchitecture.Arm64, line.Architecture);
        Assert.Equal(new RigForward(RigProtocol.Udp, 5355, 53), Assert.Single(line.Forwards));
        Assert.Equal(TimeSpan.FromSeconds(9), line.Limit);
        Assert.Equal(("./a -- -v", false), (line.Command, line.Verbose));
    }

    [Theory]
    [InlineData("udp:5355:53", RigProtocol.Udp, 5355, "10.0.0.2", 53)]
    [InlineData("tcp:0:10.0.0.7:80", RigProtocol.Tcp, 0, "10.0.0.7", 80)]
    public void A_forward_names_protocol_host_port_and_guest(
        string text,
        RigProtocol protocol,
        int host,
        string address,
        int guest
    ) => Assert.Equal(new RigForward(protocol, host, guest, address), RigForward.Parse(text));

    [Theory]
    [InlineData("udp:53")]
    [InlineData("icmp:1:2")]
    [InlineData("1:1:2")]
    [InlineData("udp:65536:53")]
    [InlineData("udp:53:0")]
    [InlineData("udp:53:x:53")]
    public void A_forward_that_cannot_be_is_refused(string text) =>
        Assert.Null(RigForward.Parse(text));

    [Theory]
    [InlineData("x64 ls", "'ls' is no option")]
    [InlineData("-- ls", "an architecture must stand before")]
    [InlineData("x64 --", "a command behind it")]
    [InlineData("x64 --file /nonexistent/file -- ls", "there is no file /nonexistent/file")]
    [InlineData("x64 --timeout soon -- ls", "whole seconds")]
    [InlineData("x64", "eng/rig x64|arm64")]
    public void A_wrong_command_line_is_told_with_what_is_wrong(string words, string mistake)
    {
        Assert.Null(RigCommandLine.Parse(words.Split(' '), out string told));
        Assert.Contains(mistake, told, StringComparison.Ordinal);
    }
}
