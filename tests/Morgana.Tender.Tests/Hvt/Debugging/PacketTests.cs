using System.Buffers;
using System.Text;
using CsCheck;
using Morgana.Tender.Hvt.Debugging;

namespace Morgana.Tender.Tests.Hvt.Debugging;

/// <summary>Packets of gdb's remote protocol, read and written.</summary>
public sealed class PacketTests
{
    private const int Largest = 1 << 12;

    [Fact]
    public void What_is_written_is_read_again_in_whatever_pieces_it_comes() =>
        Gen.Select(Gen.Byte.Array[0, 600], Gen.Int[1, 700], Gen.Bool)
            .Sample(
                (payload, piece, runs) =>
                {
                    byte[] packet = Write(payload, runs);
                    PacketReader reader = new(Largest, expandsRuns: runs);
                    for (int at = 0; at < packet.Length; at += piece)
                    {
                        ReadOnlySpan<byte> part = packet.AsSpan(
                            at,
                            Math.Min(piece, packet.Length - at)
                        );
                        bool isLast = at + piece >= packet.Length;
                        Assert.Equal(
                            isLast ? Received.Packet : Received.Nothing,
                            reader.Read(ref part)
                        );
                        Assert.True(part.IsEmpty);
                    }

                    Assert.Equal(payload, reader.Payload);
                }
            );

    [Fact]
    public void Runs_of_any_length_are_read_again_and_end_no_packet_early() =>
        Gen.Select(Gen.Byte, Gen.Int[1, 400])
            .Sample(
                (value, count) =>
                {
                    byte[] payload = new byte[count];
                    payload.AsSpan().Fill(value);
                    byte[] packet = Write(payload, runs: true);
                    Assert.Equal(packet.Length - 3, packet.AsSpan().IndexOf((byte)'#'));
                    ReadOnlySpan<byte> rest = packet;
                    PacketReader reader = new(Largest, expandsRuns: true);
                    Assert.Equal(Received.Packet, reader.Read(ref rest));
                    Assert.Equal(payload, reader.Payload);
                }
            );

    [Theory]
    [InlineData("$OK#9a", "OK")]
    [InlineData("$#00", "")]
    [InlineData("noise$OK#9A", "OK")]
    [InlineData("$lost$OK#9a", "OK")] // the end of the first was lost
    [InlineData("$}\u0003#80", "#")]
    [InlineData("$0* #7a", "0000")] // the example in gdb's manual
    [InlineData("$0*\"00#dc", "00000000")]
    public void A_packet_is_read(string text, string payload) =>
        Assert.Equal((Received.Packet, payload), Read(text));

    [Theory]
    [InlineData("$OK#9b")]
    [InlineData("$OK#zz")]
    [InlineData("$}#7d")] // an escape without what it escapes
    [InlineData("$*!#4b")] // a run of nothing
    [InlineData("$0*#5a")]
    [InlineData("$0*\u001e#78")] // fewer copies than a run may have
    public void A_damaged_packet_is_wanted_again(string text) =>
        Assert.Equal(Received.Damaged, Read(text).What);

    [Fact]
    public void A_packet_that_is_too_long_is_told_apart_from_a_damaged_one_and_the_next_is_read()
    {
        byte[] bytes =
        [
            .. Write(new byte[Largest + 1], runs: false),
            .. Write("OK"u8, runs: false),
        ];
        ReadOnlySpan<byte> rest = bytes;
        PacketReader reader = new(Largest);
        Assert.Equal(Received.TooLong, reader.Read(ref rest));
        Assert.Equal(Received.Packet, reader.Read(ref rest));
        Assert.Equal("OK"u8, reader.Payload);
    }

    [Fact]
    public void A_debuggers_star_is_a_byte_like_any_other()
    {
        ReadOnlySpan<byte> bytes = "$a*b#ed"u8;
        PacketReader reader = new(Largest);
        Assert.Equal(Received.Packet, reader.Read(ref bytes));
        Assert.Equal("a*b"u8, reader.Payload);
    }

    [Fact]
    public void Acknowledgements_and_interrupts_stand_between_packets()
    {
        ReadOnlySpan<byte> bytes = "+-\u0003$\u0003#03"u8;
        PacketReader reader = new(Largest);
        Assert.Equal(Received.Acknowledged, reader.Read(ref bytes));
        Assert.Equal(Received.Refused, reader.Read(ref bytes));
        Assert.Equal(Received.Interrupt, reader.Read(ref bytes));
        Assert.Equal(Received.Packet, reader.Read(ref bytes));
        Assert.Equal([(byte)3], reader.Payload);
    }

    [Fact]
    public void Numbers_and_bytes_are_read_again() =>
        Gen.Select(Gen.ULong, Gen.Byte.Array[0, 50])
            .Sample(
                (number, bytes) =>
                {
                    ArrayBufferWriter<byte> writer = new();
                    HexText.WriteNumber(writer, number);
                    ReadOnlySpan<byte> text = writer.WrittenSpan;
                    Assert.Equal(number.ToString("x"), Encoding.ASCII.GetString(text));
                    Assert.True(HexText.TryTakeNumber(ref text, out ulong read));
                    Assert.Equal((number, 0), (read, text.Length));
                    writer.Clear();
                    HexText.Write(writer, bytes);
                    byte[] again = new byte[bytes.Length];
                    Assert.True(HexText.TryRead(writer.WrittenSpan, again));
                    Assert.Equal(bytes, again);
                }
            );

    [Fact]
    public void A_number_of_more_than_64_bits_is_none()
    {
        ReadOnlySpan<byte> text = "10000000000000000"u8;
        Assert.False(HexText.TryTakeNumber(ref text, out _));
        Assert.Equal(17, text.Length);
    }

    private static (Received What, string Payload) Read(string text)
    {
        ReadOnlySpan<byte> bytes = Encoding.Latin1.GetBytes(text);
        PacketReader reader = new(Largest, expandsRuns: true);
        Received what = reader.Read(ref bytes);
        return (what, Encoding.Latin1.GetString(reader.Payload));
    }

    private static byte[] Write(ReadOnlySpan<byte> payload, bool runs)
    {
        ArrayBufferWriter<byte> writer = new();
        PacketWriter.Write(writer, payload, runs);
        return writer.WrittenSpan.ToArray();
    }
}
