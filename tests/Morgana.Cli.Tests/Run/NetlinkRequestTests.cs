using Morgana.Cli.Run.Links;

namespace Morgana.Cli.Tests.Run;

public sealed class NetlinkRequestTests
{
    [Fact]
    public void A_request_is_laid_out_as_rtnetlink_wants_it()
    {
        NetlinkRequest request = new NetlinkRequest(16, 0x400)
            .Body([1, 2, 3])
            .Attribute(3, "abc")
            .Nested(18, inner => inner.Attribute(1, 0x01020304));
        Assert.Equal(
            (byte[])
                [
                    // header: length 40, type 16, flags CREATE|ACK|REQUEST, sequence 1, port 0
                    .. (byte[])[40, 0, 0, 0, 16, 0, 5, 4, 1, 0, 0, 0, 0, 0, 0, 0],
                    // body, padded
                    .. (byte[])[1, 2, 3, 0],
                    // attribute 3: "abc" and its terminator
                    .. (byte[])[8, 0, 3, 0, (byte)'a', (byte)'b', (byte)'c', 0],
                    // attribute 18 around attribute 1
                    .. (byte[])[12, 0, 18, 0, 8, 0, 1, 0, 4, 3, 2, 1],
                ],
            request.Bytes.ToArray()
        );
    }

    [Fact]
    public void The_length_of_an_attribute_leaves_out_its_padding()
    {
        byte[] message = new NetlinkRequest(16, 0)
            .Attribute(1, (ReadOnlySpan<byte>)[9])
            .Bytes.ToArray();
        Assert.Equal([24, 0, 0, 0], message[..4]);
        Assert.Equal([5, 0, 1, 0, 9, 0, 0, 0], message[16..]);
    }

    [Fact]
    public void A_request_grows_past_its_first_buffer()
    {
        byte[] value = [.. Enumerable.Range(0, 250).Select(i => (byte)i)];
        NetlinkRequest request = new(16, 0);
        request.Nested(1, inner => inner.Attribute(2, value).Attribute(3, value));
        byte[] message = request.Bytes.ToArray();
        Assert.Equal(16 + 4 + 256 + 256, message.Length);
        Assert.Equal(4 + 256 + 256, BitConverter.ToUInt16(message, 16));
        Assert.Equal(value, message[24..274]);
        Assert.Equal(value, message[280..530]);
    }
}
