using System.Net;
using System.Net.Sockets;
using CsCheck;
using Morgana.Cli.Run.Publishing;

namespace Morgana.Cli.Tests.Run;

public sealed class PublishedPortTests
{
    [Theory]
    [InlineData("5353:53/udp", "0.0.0.0:5353", 53, ProtocolType.Udp)]
    [InlineData("5353:53/tcp", "0.0.0.0:5353", 53, ProtocolType.Tcp)]
    [InlineData("5353:53", "0.0.0.0:5353", 53, ProtocolType.Tcp)]
    [InlineData("0:53/udp", "0.0.0.0:0", 53, ProtocolType.Udp)]
    [InlineData("127.0.0.1:5353:53/udp", "127.0.0.1:5353", 53, ProtocolType.Udp)]
    [InlineData("[::1]:5353:53/udp", "[::1]:5353", 53, ProtocolType.Udp)]
    [InlineData("[::]:1:65535", "[::]:1", 65535, ProtocolType.Tcp)]
    public void Reads_the_forms_of_container_tools(
        string text,
        string host,
        int port,
        ProtocolType protocol
    )
    {
        Assert.True(
            PublishedPort.TryParse(text, out PublishedPort? read, out string? error),
            error
        );
        Assert.Equal(IPEndPoint.Parse(host), read!.Host);
        Assert.Equal(port, read.Port);
        Assert.Equal(protocol, read.Protocol);
    }

    [Theory]
    [InlineData("", "two ports")]
    [InlineData("53", "two ports")]
    [InlineData("53/udp", "two ports")]
    [InlineData("5353:", "unikernel's port ''")]
    [InlineData(":53", "host's port ''")]
    [InlineData("5353:0", "unikernel's port '0'")]
    [InlineData("5353:65536", "unikernel's port '65536'")]
    [InlineData("65536:53", "host's port '65536'")]
    [InlineData("-1:53", "host's port '-1'")]
    [InlineData("5353:53/sctp", "neither udp nor tcp")]
    [InlineData("5353:53/", "neither udp nor tcp")]
    [InlineData("example.com:5353:53", "host address 'example.com'")]
    [InlineData("::1:5353:53", "brackets")]
    [InlineData("[127.0.0.1]:5353:53", "brackets")]
    [InlineData("[]:5353:53", "host address '[]'")]
    [InlineData("5353 :53", "host's port '5353 '")]
    public void Says_what_is_wrong(string text, string part)
    {
        Assert.False(PublishedPort.TryParse(text, out PublishedPort? read, out string? error));
        Assert.Null(read);
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.Contains(text, error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_printed_is_read_back()
    {
        Gen<IPAddress> address = Gen.OneOf(
            Gen.Byte.Array[4].Select(bytes => new IPAddress(bytes)),
            Gen.Byte.Array[16].Select(bytes => new IPAddress(bytes))
        );
        Gen.Select(address, Gen.Int[0, 65535], Gen.Int[1, 65535], Gen.Bool)
            .Select(
                (host, outer, inner, udp) =>
                    new PublishedPort(
                        new IPEndPoint(host, outer),
                        inner,
                        udp ? ProtocolType.Udp : ProtocolType.Tcp
                    )
            )
            .Sample(port =>
            {
                Assert.True(
                    PublishedPort.TryParse(
                        port.ToString(),
                        out PublishedPort? read,
                        out string? error
                    ),
                    error
                );
                Assert.Equal(port, read);
            });
    }

    [Fact]
    public void Any_text_is_either_read_or_refused_with_a_reason()
    {
        Gen.Char["0123456789:/[]udptcp. -%"]
            .Array[0, 24]
            .Select(characters => new string(characters))
            .Sample(text =>
            {
                bool understood = PublishedPort.TryParse(
                    text,
                    out PublishedPort? port,
                    out string? error
                );
                Assert.Equal(understood, port is not null);
                Assert.Equal(understood, error is null);
            });
    }
}
