namespace Morgana.Dns.Tests;

public class WireNameTests
{
    /// <summary>A message of 12 header bytes and what follows.</summary>
    private static byte[] Message(params byte[] body) => [.. new byte[12], .. body];

    [Fact]
    public void The_example_of_RFC_1035_section_4_1_4_is_read()
    {
        byte[] message = new byte[100];
        "\u0001F\u0003ISI\u0004ARPA\u0000"u8.CopyTo(message.AsSpan(20));
        "\u0003FOO"u8.CopyTo(message.AsSpan(40));
        message[44] = 0xc0;
        message[45] = 20;
        message[64] = 0xc0;
        message[65] = 26;
        message[92] = 0;
        Assert.Equal(("F.ISI.ARPA.", 32), Read(message, 20));
        Assert.Equal(("FOO.F.ISI.ARPA.", 46), Read(message, 40));
        Assert.Equal(("ARPA.", 66), Read(message, 64));
        Assert.Equal((".", 93), Read(message, 92));

        static (string, int) Read(byte[] message, int at)
        {
            Assert.Equal(
                WireError.None,
                DnsNameView.TryRead(message, at, out DnsNameView name, out int next)
            );
            Assert.Equal(name.Length, name.ToName().Length);
            Assert.True(name.Equals(name.ToName()));
            Assert.Equal(name.GetHashCode(), name.ToName().GetHashCode());
            return (name.ToString(), next);
        }
    }

    [Fact]
    public void A_pointer_to_itself_is_refused() =>
        Assert.Equal(WireError.PointerNotBackward, Error(Message(0xc0, 12), 12));

    [Fact]
    public void A_pointer_to_the_labels_before_it_in_the_same_name_is_refused() =>
        Assert.Equal(WireError.PointerNotBackward, Error(Message(1, (byte)'a', 0xc0, 12), 12));

    [Fact]
    public void Two_pointers_to_each_other_are_refused() =>
        Assert.Equal(WireError.PointerNotBackward, Error(Message(0xc0, 14, 0xc0, 12), 14));

    [Fact]
    public void A_pointer_forward_is_refused() =>
        Assert.Equal(WireError.PointerNotBackward, Error(Message(0xc0, 14, 0), 12));

    [Fact]
    public void A_pointer_into_the_header_is_refused() =>
        Assert.Equal(WireError.PointerNotBackward, Error(Message(0xc0, 4), 12));

    [Fact]
    public void A_pointer_cut_in_half_is_refused() =>
        Assert.Equal(WireError.Truncated, Error(Message(0, 0xc0), 13));

    [Theory]
    [InlineData(0x40)]
    [InlineData(0x80)]
    public void The_other_label_types_are_refused(byte first) =>
        Assert.Equal(WireError.LabelType, Error(Message(first, 1, 0), 12));

    [Fact]
    public void A_label_past_the_end_is_refused()
    {
        Assert.Equal(WireError.Truncated, Error(Message(5, 1, 2), 12));
        Assert.Equal(WireError.Truncated, Error(Message(1, 1), 12));
        Assert.Equal(WireError.Truncated, Error(Message(), 12));
        Assert.Equal(WireError.Truncated, Error(Message(), 500));
    }

    [Fact]
    public void A_name_of_255_bytes_is_read_and_one_of_256_is_refused()
    {
        byte[] label = [63, .. Enumerable.Repeat((byte)'x', 63)];
        byte[] three = [.. label, .. label, .. label];
        byte[] good = Message([.. three, 61, .. Enumerable.Repeat((byte)'y', 61), 0]);
        Assert.Equal(WireError.None, Error(good, 12));
        byte[] bad = Message([.. three, 62, .. Enumerable.Repeat((byte)'y', 62), 0]);
        Assert.Equal(WireError.NameTooLong, Error(bad, 12));
        // The same through a pointer: 192 bytes of labels, then the rest of the name elsewhere.
        byte[] viaPointer = Message([
            62,
            .. Enumerable.Repeat((byte)'y', 62),
            0,
            .. three,
            0xc0,
            12,
        ]);
        Assert.Equal(WireError.NameTooLong, Error(viaPointer, 12 + 64));
    }

    [Fact]
    public void Chains_of_pointers_to_pointers_are_bounded()
    {
        var body = new List<byte> { 0 };
        for (int i = 0; i < 200; i++)
        {
            int target = i == 0 ? 12 : 13 + 2 * (i - 1);
            body.Add((byte)(0xc0 | target >> 8));
            body.Add((byte)target);
        }

        byte[] message = Message([.. body]);
        Assert.Equal(WireError.None, Error(message, 13 + 2 * 126));
        Assert.Equal(WireError.TooManyPointers, Error(message, 13 + 2 * 199));
    }

    [Fact]
    public void Names_outside_messages_have_no_pointers()
    {
        Assert.False(DnsName.TryRead([1, (byte)'a', 0xc0, 0], out _));
        Assert.True(DnsName.TryRead([1, (byte)'a', 0, 99], out DnsName name));
        Assert.Equal("a.", name.ToString());
    }

    private static WireError Error(byte[] message, int at) =>
        DnsNameView.TryRead(message, at, out _, out _);
}
