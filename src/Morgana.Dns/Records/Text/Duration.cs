using System.Globalization;
using System.Text;

namespace Morgana.Dns;

/// <summary>Seconds, in digits or with the units that master files use: 1w2d3h4m5s.</summary>
internal static class Duration
{
    /// <summary>Reads seconds.</summary>
    /// <returns>False for other text, a unit twice, and what exceeds 32 bits.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out uint seconds)
    {
        seconds = 0;
        if (text.IsEmpty || !char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        ulong total = 0;
        ulong number = 0;
        bool digits = false;
        int seen = 0;
        foreach (char c in text)
        {
            if (char.IsAsciiDigit(c))
            {
                number = number * 10 + (uint)(c - '0');
                digits = true;
                if (number > uint.MaxValue)
                {
                    return false;
                }

                continue;
            }

            (uint unit, int bit) = c switch
            {
                's' or 'S' => (1u, 1),
                'm' or 'M' => (60u, 2),
                'h' or 'H' => (3600u, 4),
                'd' or 'D' => (86400u, 8),
                'w' or 'W' => (604800u, 16),
                _ => (0u, 0),
            };
            if (unit == 0 || !digits || (seen & bit) != 0)
            {
                return false;
            }

            seen |= bit;
            total += number * unit;
            number = 0;
            digits = false;
        }

        // A number without a unit stands alone: 1h30 could mean minutes or seconds.
        if (digits && seen != 0)
        {
            return false;
        }

        total += number;
        seconds = (uint)total;
        return total <= uint.MaxValue;
    }

    /// <summary>Writes YYYYMMDDHHmmSS (RFC 4034 section 3.2), in UTC.</summary>
    public static void AppendTimestamp(StringBuilder text, uint seconds) =>
        text.Append(
            CultureInfo.InvariantCulture,
            $"{DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime:yyyyMMddHHmmss}"
        );

    /// <summary>Reads YYYYMMDDHHmmSS, or seconds since 1970 in up to ten digits.</summary>
    public static bool TryParseTimestamp(ReadOnlySpan<char> text, out uint seconds)
    {
        if (text.Length != 14)
        {
            return uint.TryParse(
                text,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out seconds
            );
        }

        seconds = 0;
        if (
            !DateTimeOffset.TryParseExact(
                text,
                "yyyyMMddHHmmss",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out DateTimeOffset time
            )
        )
        {
            return false;
        }

        long since = time.ToUnixTimeSeconds();
        seconds = (uint)since;
        return since is >= 0 and <= uint.MaxValue;
    }
}
