using System.Buffers;

namespace Morgana.Tender.Hvt.Debugging;

/// <summary>Bytes and numbers as gdb's remote protocol writes them: lower case hexadecimal, either case when it is read.</summary>
internal static class HexText
{
    /// <summary>The digit's value, or -1.</summary>
    public static int Digit(byte character) =>
        character switch
        {
            >= (byte)'0' and <= (byte)'9' => character - '0',
            >= (byte)'a' and <= (byte)'f' => character - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => character - 'A' + 10,
            _ => -1,
        };

    /// <summary>The digit of a value from 0 to 15.</summary>
    public static byte Character(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);

    /// <summary>Takes a number of 1 to 16 digits off the front of a text.</summary>
    /// <returns>False when there is none, or it has more than 64 bits; the text is then unchanged.</returns>
    public static bool TryTakeNumber(ref ReadOnlySpan<byte> text, out ulong value)
    {
        value = 0;
        int length = 0;
        while (length < text.Length && Digit(text[length]) is >= 0 and int digit)
        {
            if (value >> 60 != 0)
            {
                value = 0;
                return false;
            }

            value = value << 4 | (uint)digit;
            length++;
        }

        text = text[length..];
        return length > 0;
    }

    /// <summary>Takes a character off the front of a text.</summary>
    /// <returns>False when it begins with another one; the text is then unchanged.</returns>
    public static bool TryTake(ref ReadOnlySpan<byte> text, char character)
    {
        if (text.IsEmpty || text[0] != character)
        {
            return false;
        }

        text = text[1..];
        return true;
    }

    /// <summary>Takes "ADDRESS,LENGTH" off the front of a text.</summary>
    public static bool TryTakeRange(
        ref ReadOnlySpan<byte> text,
        out ulong address,
        out ulong length
    )
    {
        length = 0;
        return TryTakeNumber(ref text, out address)
            && TryTake(ref text, ',')
            && TryTakeNumber(ref text, out length);
    }

    /// <summary>Reads bytes of two digits each.</summary>
    /// <returns>False unless the whole text is just as many bytes as there is room for.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, Span<byte> bytes)
    {
        if (text.Length != bytes.Length * 2)
        {
            return false;
        }

        for (int i = 0; i < bytes.Length; i++)
        {
            int high = Digit(text[2 * i]);
            int low = Digit(text[2 * i + 1]);
            if ((high | low) < 0)
            {
                return false;
            }

            bytes[i] = (byte)(high << 4 | low);
        }

        return true;
    }

    /// <summary>Writes bytes, two digits each.</summary>
    public static void Write(IBufferWriter<byte> writer, ReadOnlySpan<byte> bytes)
    {
        Span<byte> text = writer.GetSpan(bytes.Length * 2);
        for (int i = 0; i < bytes.Length; i++)
        {
            text[2 * i] = Character(bytes[i] >> 4);
            text[2 * i + 1] = Character(bytes[i] & 15);
        }

        writer.Advance(bytes.Length * 2);
    }

    /// <summary>Writes a number without leading zeros.</summary>
    public static void WriteNumber(IBufferWriter<byte> writer, ulong value)
    {
        int digits = 1;
        for (ulong rest = value >> 4; rest != 0; rest >>= 4)
        {
            digits++;
        }

        Span<byte> text = writer.GetSpan(digits);
        for (int i = digits - 1; i >= 0; i--)
        {
            text[i] = Character((int)(value & 15));
            value >>= 4;
        }

        writer.Advance(digits);
    }
}
