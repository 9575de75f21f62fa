using System.Buffers.Binary;

namespace Morgana.Net.Tests;

public sealed class PcapWriterTests
{
    private readonly InMemoryLink _link = new(
        Lab.OurHardware,
        Lab.PeerHardware,
        mtu: 100,
        capacity: 3
    );
    private readonly byte[] _buffer = new byte[114];

    [Fact]
    public void A_capture_is_what_other_tools_read()
    {
        ManualTime time = new();
        using MemoryStream stream = new();
        using PcapWriter writer = new(_link.Left, stream, time);
        time.Advance(TimeSpan.FromTicks(12_345_678));
        Assert.True(writer.TrySend([1, 2, 3]));
        _link.Right.TrySend([4]);
        Assert.True(writer.TryReceive(_buffer, out _));
        Assert.False(writer.TryReceive(_buffer, out _));

        uint second = (uint)DateTimeOffset.Parse("2026-01-01T00:00:01Z", null).ToUnixTimeSeconds();
        byte[] stamp = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(stamp, second);
        string time4 = Convert.ToHexString(stamp);
        // 0.2345678 s are 234,567,800 ns: 0dfb3878.
        Assert.Equal(
            Hex.Bytes(
                $"""
                4d3cb2a1 0200 0400 00000000 00000000 72000000 01000000
                {time4} 7838fb0d 03000000 03000000 010203
                {time4} 7838fb0d 01000000 01000000 04
                """
            ),
            stream.ToArray()
        );
    }
}
