namespace Morgana.Net.Tests;

public sealed class InMemoryLinkTests
{
    private readonly InMemoryLink _link = new(
        Lab.OurHardware,
        Lab.PeerHardware,
        mtu: 100,
        capacity: 3
    );
    private readonly byte[] _buffer = new byte[114];

    [Fact]
    public void A_link_carries_frames_in_order_and_refuses_what_does_not_fit()
    {
        Assert.True(_link.Left.TrySend([1]));
        Assert.True(_link.Left.TrySend([2, 2]));
        Assert.False(_link.Left.TrySend(new byte[115]));
        Assert.True(_link.Left.TrySend(new byte[114]));
        Assert.False(_link.Left.TrySend([4]));
        Assert.Equal(3, _link.Right.Waiting);
        foreach (int expected in (int[])[1, 2, 114])
        {
            Assert.True(_link.Right.TryReceive(_buffer, out int length));
            Assert.Equal(expected, length);
        }

        Assert.False(_link.Right.TryReceive(_buffer, out int none));
        Assert.Equal(0, none);
    }
}
