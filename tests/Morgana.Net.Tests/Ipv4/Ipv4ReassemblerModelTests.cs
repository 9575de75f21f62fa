using CsCheck;
using Morgana.Runtime;

namespace Morgana.Net.Tests;

/// <summary>The reassembler against a model that knows one byte at a time: any fragments, good and bad, in any order.</summary>
public sealed class Ipv4ReassemblerModelTests
{
    private const int Units = 12;

    private static readonly Gen<Piece[]> AnyPieces = Gen.Select(
            Gen.Int[0, Units - 1],
            Gen.Int[1, 4],
            Gen.Bool,
            Gen.Int[0, 19]
        )
        .Select((start, length, more, lie) => new Piece(start, length, more, lie == 0))
        .Array[1, 30];

    // Cuts of one honest datagram, shuffled, some twice: most of these must be delivered.
    private static readonly Gen<Piece[]> HonestPieces = Gen.Select(
            Gen.Int[1, 4].Array[1, 6],
            Gen.Int.Array[12]
        )
        .Select(
            (lengths, order) =>
            {
                List<Piece> pieces = [];
                int start = 0;
                for (int i = 0; i < lengths.Length; i++)
                {
                    pieces.Add(new Piece(start, lengths[i], i < lengths.Length - 1, false));
                    start += lengths[i];
                }

                pieces.AddRange(pieces.Take(2).ToArray());
                return pieces
                    .Select((piece, i) => (piece, i))
                    .OrderBy(p => order[p.i])
                    .Select(p => p.piece)
                    .ToArray();
            }
        );

    [Fact]
    public void It_delivers_what_the_model_delivers_and_nothing_else() =>
        AnyPieces.Sample(pieces => _ = Compare(pieces), iter: 3_000);

    [Fact]
    public void An_honest_datagram_is_delivered_whatever_the_order_and_however_often() =>
        HonestPieces.Sample(pieces => Compare(pieces) >= 1, iter: 3_000);

    private static int Compare(Piece[] pieces)
    {
        StackCounters counters = new();
        Ipv4Reassembler reassembler = new(Ipv4ReassemblyLimits.Default, counters);
        Model model = new();
        int delivered = 0;
        foreach (Piece piece in pieces)
        {
            byte[] content = piece.Content();
            byte[] datagram = Frames.Fragment(
                (IpProtocol)200,
                content,
                1,
                piece.Start * 8,
                piece.More
            );
            Assert.True(Ipv4Packet.TryParse(datagram, out Ipv4Packet packet, out _));
            Ipv4Reassembly? whole = reassembler.Add(new Instant(0), packet, isBroadcast: false);
            byte[]? expected = model.Add(piece.Start * 8, content, piece.More);
            Assert.Equal(expected is null, whole is null);
            if (whole is not null)
            {
                Assert.Equal(expected!, whole.Payload);
                whole.Release();
                delivered++;
            }
        }

        return delivered;
    }

    private sealed record Piece(int Start, int Length, bool More, bool Lies)
    {
        public byte[] Content()
        {
            byte[] bytes = new byte[Length * 8];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = (byte)(Start * 8 + i);
            }

            if (Lies)
            {
                bytes[^1] ^= 0xff;
            }

            return bytes;
        }
    }

    private sealed class Model
    {
        private readonly byte?[] _bytes = new byte?[(Units + 30) * 8];
        private int? _end;
        private bool _isSpoilt;

        public byte[]? Add(int start, byte[] content, bool more)
        {
            int end = start + content.Length;
            int reach = Array.FindLastIndex(_bytes, b => b is not null) + 1;
            bool agrees = more
                ? _end is null || end <= _end
                : (_end is null || _end == end) && reach <= end;
            byte?[] there = _bytes[start..end];
            bool isRepetition = there.Select((b, i) => b == content[i]).All(same => same);
            _isSpoilt |= !agrees || (there.Any(b => b is not null) && !isRepetition);
            if (_isSpoilt || isRepetition)
            {
                // A repetition brings no news: not even that it is the last, when its bytes came as part of another.
                return null;
            }

            for (int i = 0; i < content.Length; i++)
            {
                _bytes[start + i] = content[i];
            }

            _end = more ? _end : end;
            if (_end is null || _bytes.Take(_end.Value).Any(b => b is null))
            {
                return null;
            }

            byte[] whole = [.. _bytes.Take(_end.Value).Select(b => b!.Value)];
            Array.Clear(_bytes);
            _end = null;
            return whole;
        }
    }
}
