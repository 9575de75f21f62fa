using CsCheck;
using Morgana.Runtime;

namespace Morgana.Net.Tests;

/// <summary>Reassembly: what is put together, what is refused, and that it stays within its bounds.</summary>
public sealed class Ipv4FragmentTests
{
    private readonly HostRig _rig = new HostRig().KnowPeer();
    private readonly List<byte[]> _received = [];

    public Ipv4FragmentTests() =>
        _rig.Host.Udp.Bind(
            7,
            (in UdpDatagram datagram) => _received.Add(datagram.Payload.ToArray()),
            null
        );

    private Ipv4Reassembler Reassembler => _rig.Host.Ipv4.Reassembler;

    private static byte[] Payload(int length)
    {
        byte[] payload = new byte[length];
        new SeededRandom(length).Fill(payload);
        return payload;
    }

    private static byte[] Segment(byte[] payload) =>
        Frames.UdpSegment(new IpEndpoint(Lab.Peer, 4000), new IpEndpoint(Lab.Us, 7), payload);

    private static IpAddress Stranger(int number) => IpAddress.FromV4(0xc6330000 + (uint)number);

    private static byte[] SegmentFrom(IpAddress source) =>
        Frames.UdpSegment(new IpEndpoint(source, 4000), new IpEndpoint(Lab.Us, 7), Payload(100));

    private static byte[] Piece(
        byte[] segment,
        int start,
        int end,
        ushort identification = 1,
        IpAddress? source = null
    ) =>
        Frames.Ethernet(
            Frames.Fragment(
                IpProtocol.Udp,
                segment.AsSpan(start, end - start),
                identification,
                start,
                end < segment.Length,
                source
            )
        );

    private DropReason Fragment(int offset, int length, bool more, byte fill = 0)
    {
        byte[] payload = new byte[length];
        payload.AsSpan().Fill(fill);
        return _rig.Drop(
            Frames.Ethernet(Frames.Fragment(IpProtocol.Udp, payload, 1, offset, more))
        );
    }

    [Theory]
    [InlineData("0 1 2 3")]
    [InlineData("3 2 1 0")]
    [InlineData("1 3 0 2")]
    [InlineData("0 0 3 3 1 2")] // the network repeats some
    [InlineData("2 0 0 2 1 3")]
    public void Fragments_are_put_together_in_any_order(string order)
    {
        byte[] payload = Payload(100);
        byte[] segment = Segment(payload);
        int[] cuts = [0, 32, 40, 96, segment.Length];
        foreach (string piece in order.Split(' '))
        {
            int i = piece[0] - '0';
            _rig.Receive(Piece(segment, cuts[i], cuts[i + 1]));
        }

        Assert.Equal(payload, Assert.Single(_received));
        Assert.Equal(0, Reassembler.Count);
        Assert.Equal(0, Reassembler.Bytes);
        Assert.Equal(1, _rig.Counters.DatagramsReassembled);
    }

    [Fact]
    public void Any_cut_in_any_order_gives_the_datagram_back() =>
        Gen.Select(Gen.Int[0, 3_000], Gen.Int[1, 400].Array[0, 20], Gen.Int, Gen.UShort)
            .Sample(
                (length, cutsAt, seed, identification) =>
                {
                    byte[] payload = Payload(length);
                    byte[] segment = Segment(payload);
                    List<int> cuts =
                    [
                        0,
                        .. cutsAt
                            .Select(c => c * 8)
                            .Where(c => c < segment.Length)
                            .Distinct()
                            .Order(),
                        segment.Length,
                    ];
                    List<byte[]> pieces = [];
                    for (int i = 0; i + 1 < cuts.Count; i++)
                    {
                        pieces.Add(Piece(segment, cuts[i], cuts[i + 1], identification));
                    }

                    HostRig rig = new HostRig().KnowPeer();
                    byte[]? received = null;
                    rig.Host.Udp.Bind(
                        7,
                        (in UdpDatagram datagram) => received = datagram.Payload.ToArray(),
                        null
                    );
                    foreach (
                        byte[] piece in pieces.OrderBy(p =>
                            unchecked((InternetChecksum.Compute(p) + 1) * (seed | 1))
                        )
                    )
                    {
                        rig.Receive(piece);
                    }

                    Assert.Equal(payload, received);
                    Assert.Equal(0, rig.Host.Ipv4.Reassembler.Bytes);
                },
                iter: 300
            );

    [Fact]
    public void Datagrams_are_told_apart_by_source_destination_protocol_and_identification()
    {
        byte[] a = Segment(Payload(60));
        byte[] b = Segment(Payload(61));
        _rig.Receive(Piece(a, 0, 32, 1));
        _rig.Receive(Piece(b, 0, 32, 2));
        _rig.Receive(Piece(a, 32, a.Length, 1, source: Lab.Neighbour));
        _rig.Receive(Piece(b, 32, b.Length, 2));
        Assert.Equal(Payload(61), Assert.Single(_received));
        _rig.Receive(Piece(a, 32, a.Length, 1));
        Assert.Equal(Payload(60), _received[1]);
        Assert.Equal(1, Reassembler.Count);
    }

    [Theory]
    [InlineData(8, 32)] // inside
    [InlineData(24, 40)] // over the end
    [InlineData(0, 40)] // around
    [InlineData(0, 8)]
    public void An_overlap_with_other_content_spoils_the_whole_datagram(int start, int end)
    {
        byte[] segment = Segment(Payload(100));
        _rig.Receive(Piece(segment, 0, 32));
        byte[] other = [.. segment];
        other.AsSpan().Fill(0xee);

        Assert.Equal(DropReason.FragmentOverlap, _rig.Drop(Piece(other, start, end)));
        Assert.Equal(0, Reassembler.Bytes);
        // What comes later belongs to a datagram that cannot be trusted any more (RFC 5722 section 4).
        Assert.Equal(DropReason.FragmentOverlap, _rig.Drop(Piece(segment, 0, 32)));
        Assert.Equal(DropReason.FragmentOverlap, _rig.Drop(Piece(segment, 32, segment.Length)));
        Assert.Empty(_received);

        // The identification can be used again when its time is over.
        _rig.AdvanceSeconds(30);
        _rig.Receive(Piece(segment, 0, 32));
        _rig.Receive(Piece(segment, 32, segment.Length));
        Assert.Single(_received);
    }

    [Fact]
    public void An_overlap_that_reaches_beyond_what_is_there_spoils_even_if_it_agrees()
    {
        byte[] segment = Segment(Payload(100));
        _rig.Receive(Piece(segment, 0, 32));
        Assert.Equal(DropReason.FragmentOverlap, _rig.Drop(Piece(segment, 24, 40)));
    }

    [Fact]
    public void Teardrop()
    {
        // The second fragment ends inside the first: its length minus the overlap was negative on the systems of 1997.
        Assert.Equal(DropReason.None, Fragment(0, 36 / 8 * 8, more: true, fill: 1));
        Assert.Equal(DropReason.FragmentOverlap, Fragment(24, 4, more: false, fill: 2));
        Assert.Empty(_received);
        Assert.Equal(0, Reassembler.Bytes);
    }

    [Theory]
    [InlineData(65_528, 8)] // ends at 65,536
    [InlineData(65_512, 8)] // ends at 65,520: with the header beyond 65,535
    [InlineData(65_528, 1_000)]
    public void Ping_of_death(int offset, int length)
    {
        Assert.Equal(DropReason.FragmentMalformed, Fragment(offset, length, more: false));
        Assert.Equal(0, Reassembler.Count);
    }

    [Fact]
    public void A_datagram_that_a_long_first_header_pushes_over_the_end_is_dropped()
    {
        // The last piece fits with its own header of 20 bytes, but not with the first one's 60.
        byte[] first = Frames.WithOptions(
            Frames.Fragment(IpProtocol.Udp, new byte[8], 1, 0, true),
            new byte[40]
        );
        _rig.Receive(Frames.Ethernet(first));
        for (int offset = 8; offset < 64_008; offset += 1000)
        {
            Assert.Equal(DropReason.None, Fragment(offset, 1000, more: true));
        }

        Assert.Equal(DropReason.None, Fragment(64_008, 1000, more: true));
        Assert.Equal(DropReason.FragmentMalformed, Fragment(65_008, 500, more: false));
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(8, 0, false)]
    [InlineData(0, 7, true)]
    [InlineData(8, 12, true)]
    public void Fragments_of_no_or_crooked_length_are_dropped(int offset, int length, bool more) =>
        Assert.Equal(DropReason.FragmentMalformed, Fragment(offset, length, more));

    [Fact]
    public void Two_ends_contradict_each_other()
    {
        Fragment(16, 8, more: false);
        Assert.Equal(DropReason.FragmentOverlap, Fragment(24, 8, more: false));
    }

    [Fact]
    public void An_end_before_what_is_there_contradicts_it()
    {
        Fragment(16, 8, more: true);
        Assert.Equal(DropReason.FragmentOverlap, Fragment(8, 8, more: false));
    }

    [Fact]
    public void A_piece_behind_the_end_contradicts_it()
    {
        Fragment(16, 8, more: false);
        Assert.Equal(DropReason.FragmentOverlap, Fragment(24, 8, more: true));
    }

    [Fact]
    public void A_first_fragment_whose_others_do_not_come_is_reported_once()
    {
        byte[] segment = Segment(Payload(100));
        byte[] first = Piece(segment, 0, 32);
        _rig.Receive(first);
        _rig.AdvanceSeconds(29.9);
        Assert.Empty(_rig.Sent);
        _rig.AdvanceSeconds(0.1);

        byte[] frame = _rig.TakeOne();
        Assert.True(EthernetFrame.TryParse(frame, out EthernetFrame ethernet));
        Assert.True(Ipv4Packet.TryParse(ethernet.Payload, out Ipv4Packet packet, out _));
        Assert.True(IcmpMessage.TryParse(packet.Payload, out IcmpMessage message, out _));
        Assert.Equal(IcmpType.TimeExceeded, message.Type);
        Assert.Equal(1, message.Code);
        // It quotes the first fragment as it came.
        Assert.Equal(first.AsSpan(EthernetFrame.HeaderLength), message.Payload);
        Assert.Equal(1, _rig.Counters.Dropped(DropReason.FragmentTimeout));
        Assert.Equal(0, Reassembler.Count);
        Assert.Equal(0, Reassembler.Bytes);
    }

    [Fact]
    public void Without_the_first_fragment_nothing_is_reported()
    {
        byte[] segment = Segment(Payload(100));
        _rig.Receive(Piece(segment, 32, segment.Length));
        _rig.AdvanceSeconds(31);
        Assert.Empty(_rig.Sent);
        Assert.Equal(0, Reassembler.Count);
    }

    [Fact]
    public void Datagrams_in_pieces_are_bounded_in_number()
    {
        for (ushort id = 0; id < 1_000; id++)
        {
            byte[] segment = SegmentFrom(Stranger(id));
            _rig.Receive(Piece(segment, 0, 32, id, Stranger(id)));
        }

        Assert.Equal(Ipv4ReassemblyLimits.Default.Datagrams, Reassembler.Count);
        // The newest are there, the oldest gave way.
        Finish(999);
        Assert.Single(_received);
        Finish(0);
        Assert.Single(_received);

        void Finish(ushort id)
        {
            byte[] segment = SegmentFrom(Stranger(id));
            _rig.Receive(Piece(segment, 32, segment.Length, id, Stranger(id)));
        }
    }

    [Fact]
    public void One_sender_cannot_push_the_others_out()
    {
        IpAddress honest = Stranger(1);
        byte[] segment = SegmentFrom(honest);
        _rig.Receive(Piece(segment, 0, 32, 1, honest));
        byte[] flood = Segment(Payload(100));
        for (ushort id = 0; id < 1_000; id++)
        {
            _rig.Receive(Piece(flood, 0, 32, id));
        }

        Assert.Equal(1 + Ipv4ReassemblyLimits.Default.DatagramsPerSource, Reassembler.Count);
        _rig.Receive(Piece(segment, 32, segment.Length, 1, honest));
        Assert.Single(_received);
    }

    [Fact]
    public void Datagrams_in_pieces_are_bounded_in_bytes()
    {
        for (ushort id = 0; id < 1_000; id++)
        {
            _rig.Receive(
                Frames.Ethernet(
                    Frames.Fragment(IpProtocol.Udp, new byte[1000], id, 64_000, true, Stranger(id))
                )
            );
            Assert.InRange(Reassembler.Bytes, 1000, Ipv4ReassemblyLimits.Default.Bytes);
        }

        Assert.Equal(4, Reassembler.Count);
    }

    [Fact]
    public void A_datagram_is_bounded_in_fragments()
    {
        for (int i = 0; i < Ipv4ReassemblyLimits.Default.Fragments; i++)
        {
            Assert.Equal(DropReason.None, Fragment(i * 8, 8, more: true));
        }

        Assert.Equal(DropReason.FragmentLimit, Fragment(8_000, 8, more: true));
        Assert.Equal(0, Reassembler.Bytes);
    }

    [Fact]
    public void A_datagram_is_bounded_in_gaps()
    {
        for (int i = 0; i < Ipv4ReassemblyLimits.Default.Ranges; i++)
        {
            Assert.Equal(DropReason.None, Fragment(i * 16, 8, more: true));
        }

        Assert.Equal(DropReason.FragmentLimit, Fragment(8_000, 8, more: true));
    }

    [Fact]
    public void A_datagram_of_the_greatest_length_is_put_together()
    {
        byte[] payload = Payload(65_507);
        byte[] segment = Segment(payload);
        for (int start = 0; start < segment.Length; start += 1480)
        {
            _rig.Receive(Piece(segment, start, Math.Min(segment.Length, start + 1480)));
        }

        Assert.Equal(payload, Assert.Single(_received));
    }

    [Fact]
    public void A_handler_that_throws_leaves_no_datagram_behind()
    {
        _rig.Host.Udp.Bind(
            8,
            (in UdpDatagram _) => throw new InvalidOperationException("the application's own"),
            null
        );
        byte[] segment = Frames.UdpSegment(new(Lab.Peer, 1), new(Lab.Us, 8), Payload(100));
        _rig.Receive(Piece(segment, 0, 32));
        Assert.Throws<InvalidOperationException>(() =>
            _rig.Receive(Piece(segment, 32, segment.Length))
        );
        Assert.Equal(0, Reassembler.Count);
        Assert.Equal(0, Reassembler.Bytes);
    }
}
