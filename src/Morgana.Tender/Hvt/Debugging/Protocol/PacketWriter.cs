using System.Buffers;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>Writes packets: what <see cref="PacketReader"/> reads.</summary>
internal static class PacketWriter
{
    private const int RunBase = 29;

    // A run of fewer further copies is not shorter; the largest count is the last printable character.
    private const int SmallestRun = 3;
    private const int LargestRun = 126 - RunBase;

    /// <summary>Writes a packet.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="payload">What it carries: any bytes.</param>
    /// <param name="writesRuns">Whether runs of a byte are shortened, as is allowed in answers.</param>
    public static void Write(
        IBufferWriter<byte> writer,
        ReadOnlySpan<byte> payload,
        bool writesRuns = true
    )
    {
        // Nothing takes more than two bytes for one.
        Span<byte> packet = writer.GetSpan(payload.Length * 2 + 4);
        int at = 0;
        packet[at++] = (byte)'$';
        for (int i = 0; i < payload.Length; i++)
        {
            byte value = payload[i];
            if (NeedsEscape(value))
            {
                packet[at++] = (byte)'}';
                packet[at++] = (byte)(value ^ 0x20);
                continue;
            }

            packet[at++] = value;
            int copies = writesRuns ? Copies(payload[i..]) : 0;
            if (copies >= SmallestRun)
            {
                packet[at++] = (byte)'*';
                packet[at++] = (byte)(copies + RunBase);
                i += copies;
            }
        }

        byte sum = Checksum(packet[1..at]);
        packet[at++] = (byte)'#';
        packet[at++] = HexText.Character(sum >> 4);
        packet[at++] = HexText.Character(sum & 15);
        writer.Advance(at);
    }

    /// <summary>The sum of the bytes between <c>$</c> and <c>#</c>.</summary>
    public static byte Checksum(ReadOnlySpan<byte> bytes)
    {
        byte sum = 0;
        foreach (byte value in bytes)
        {
            sum += value;
        }

        return sum;
    }

    private static bool NeedsEscape(byte value) =>
        value is (byte)'$' or (byte)'#' or (byte)'}' or (byte)'*';

    /// <summary>How many further copies of the first byte may be left out.</summary>
    private static int Copies(ReadOnlySpan<byte> bytes)
    {
        int copies = 0;
        while (copies < LargestRun && copies + 1 < bytes.Length && bytes[copies + 1] == bytes[0])
        {
            copies++;
        }

        // The counts whose characters would be "$" and "#", which end packets.
        while (copies + RunBase is '#' or '$')
        {
            copies--;
        }

        return copies;
    }
}
