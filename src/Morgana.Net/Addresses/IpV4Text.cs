using System.Globalization;

namespace Morgana.Net;

/// <summary>IPv4 addresses as text: four numbers (the strict form of RFC 6943 section 3.1.1).</summary>
internal static class IpV4Text
{
    /// <summary>The longest text.</summary>
    public const int MaxLength = 15;

    /// <summary>Reads four numbers from 0 to 255 between dots.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        int numbers = 0;
        foreach (Range part in text.Split('.'))
        {
            ReadOnlySpan<char> digits = text[part];
            // A leading zero is refused: some programs read such numbers as octal.
            if (
                ++numbers > 4
                || digits.Length is 0 or > 3
                || (digits.Length > 1 && digits[0] == '0')
                || !byte.TryParse(
                    digits,
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out byte number
                )
            )
            {
                return false;
            }

            address = address << 8 | number;
        }

        return numbers == 4;
    }

    /// <summary>Writes an address.</summary>
    /// <param name="address">The value in host order.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> characters.</param>
    /// <returns>Characters written.</returns>
    public static int Format(uint address, Span<char> destination)
    {
        int length = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            _ = ((byte)(address >> shift)).TryFormat(
                destination[length..],
                out int written,
                default,
                CultureInfo.InvariantCulture
            );
            length += written;
            if (shift > 0)
            {
                destination[length++] = '.';
            }
        }

        return length;
    }
}
