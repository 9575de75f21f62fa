namespace Morgana.Dns;

/// <summary>The escapes of RFC 1035 section 5.1: \X is the character X, \DDD the byte with that decimal number.</summary>
internal static class TextEscape
{
    /// <summary>Reads what follows a backslash.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The index after the backslash; afterwards the index after the escape.</param>
    /// <param name="value">The byte.</param>
    /// <returns>False when the text ends there, the number is not three digits up to 255, or the character is not ASCII.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, ref int at, out int value)
    {
        value = 0;
        if (at >= text.Length)
        {
            return false;
        }

        char c = text[at];
        if (!char.IsAsciiDigit(c))
        {
            at++;
            value = c;
            return c <= 0x7f;
        }

        if (
            at + 3 > text.Length
            || !char.IsAsciiDigit(text[at + 1])
            || !char.IsAsciiDigit(text[at + 2])
        )
        {
            return false;
        }

        value = (c - '0') * 100 + (text[at + 1] - '0') * 10 + (text[at + 2] - '0');
        at += 3;
        return value <= 255;
    }

    /// <summary>Writes one byte, escaped where it must be.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="special">The printable characters to write with a backslash.</param>
    /// <param name="plainSpace">Whether a space stands for itself (inside quotes).</param>
    /// <param name="destination">Where to.</param>
    /// <param name="written">Characters written so far.</param>
    /// <returns>False when there is no room.</returns>
    public static bool TryWrite(
        byte value,
        ReadOnlySpan<char> special,
        bool plainSpace,
        Span<char> destination,
        ref int written
    )
    {
        char c = (char)value;
        Span<char> rest = destination[written..];
        if (value is > 0x20 and < 0x7f || (value == 0x20 && plainSpace))
        {
            if (special.Contains(c))
            {
                if (rest.Length < 2)
                {
                    return false;
                }

                rest[0] = '\\';
                rest[1] = c;
                written += 2;
                return true;
            }

            if (rest.IsEmpty)
            {
                return false;
            }

            rest[0] = c;
            written++;
            return true;
        }

        if (rest.Length < 4)
        {
            return false;
        }

        rest[0] = '\\';
        rest[1] = (char)('0' + value / 100);
        rest[2] = (char)('0' + value / 10 % 10);
        rest[3] = (char)('0' + value % 10);
        written += 4;
        return true;
    }
}
