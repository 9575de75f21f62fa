using System.Text;

namespace Morgana.Dns;

/// <summary>Base 32 with the extended hex alphabet, without padding (RFC 4648 section 7, as RFC 5155 section 3.3 wants it).</summary>
internal static class Base32Hex
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

    public static void Append(StringBuilder text, ReadOnlySpan<byte> bytes)
    {
        int bits = 0;
        int held = 0;
        foreach (byte b in bytes)
        {
            held = held << 8 | b;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Alphabet[held >> bits & 31]);
            }

            held &= (1 << bits) - 1;
        }

        if (bits > 0)
        {
            text.Append(Alphabet[held << 5 - bits & 31]);
        }
    }

    /// <summary>Decodes text in any case.</summary>
    /// <returns>False for other characters, for a length that no bytes give, and for bits set beyond the last byte.</returns>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes, out int written)
    {
        written = 0;
        int bits = 0;
        int held = 0;
        foreach (char c in text)
        {
            int value = Alphabet.IndexOf(char.ToUpperInvariant(c), StringComparison.Ordinal);
            if (value < 0 || c > 0x7f)
            {
                return false;
            }

            held = held << 5 | value;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                if (written == bytes.Length)
                {
                    return false;
                }

                bytes[written++] = (byte)(held >> bits);
                held &= (1 << bits) - 1;
            }
        }

        return bits < 5 && held == 0;
    }
}
