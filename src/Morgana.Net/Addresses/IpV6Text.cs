using System.Globalization;

namespace Morgana.Net;

/// <summary>
/// IPv6 addresses as text: reads the forms of RFC 4291 section 2.2, writes the one of RFC 5952. Own code, because
/// <see cref="System.Net.IPAddress"/> brings the native layer of networking into every image.
/// </summary>
internal static class IpV6Text
{
    /// <summary>The longest text: six groups, and an IPv4 address for the last two.</summary>
    public const int MaxLength = 6 * 5 + 15;

    private const int Groups = 8;

    /// <summary>Reads an address without scope, brackets or prefix length.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out UInt128 address)
    {
        address = default;
        UInt128 before = default;
        UInt128 after = default;
        int count = 0;
        int gap = -1;
        int at = 0;
        if (text.StartsWith("::"))
        {
            gap = 0;
            at = 2;
        }

        while (at < text.Length)
        {
            int length = text[at..].IndexOf(':');
            ReadOnlySpan<char> group = length < 0 ? text[at..] : text.Slice(at, length);
            if (length < 0 && group.Contains('.'))
            {
                if (count > Groups - 2 || !IpV4Text.TryParse(group, out uint last))
                {
                    return false;
                }

                after = after << 32 | last;
                count += 2;
                break;
            }

            if (
                group.Length is 0 or > 4
                || count == Groups
                || !ushort.TryParse(
                    group,
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out ushort value
                )
            )
            {
                return false;
            }

            after = after << 16 | value;
            count++;
            if (length < 0)
            {
                break;
            }

            at += length + 1;
            if (at == text.Length)
            {
                return false;
            }

            if (text[at] == ':')
            {
                if (gap >= 0)
                {
                    return false;
                }

                gap = count;
                before = after;
                after = default;
                at++;
            }
        }

        if (gap < 0)
        {
            address = after;
            return count == Groups;
        }

        // The gap stands for one group of zeros at least. A shift by 128 would be one by none.
        address = after | (gap == 0 ? default : before << (16 * (Groups - gap)));
        return count < Groups;
    }

    /// <summary>Writes an address.</summary>
    /// <param name="address">The value in host order.</param>
    /// <param name="destination">At least <see cref="MaxLength"/> characters.</param>
    /// <returns>Characters written.</returns>
    public static int Format(UInt128 address, Span<char> destination)
    {
        // RFC 5952 section 5: an IPv4-mapped address is known to end in an IPv4 address.
        bool isMapped = (ulong)(address >> 64) == 0 && (uint)(address >> 32) == 0xffff;
        int groups = isMapped ? Groups - 2 : Groups;
        (int gap, int gapLength) = LongestRunOfZeros(address, groups);
        int length = 0;
        for (int i = 0; i < groups; i++)
        {
            if (i == gap)
            {
                destination[length++] = ':';
                destination[length++] = ':';
                i += gapLength - 1;
                continue;
            }

            if (i > 0 && i != gap + gapLength)
            {
                destination[length++] = ':';
            }

            _ = GroupOf(address, i)
                .TryFormat(
                    destination[length..],
                    out int written,
                    "x",
                    CultureInfo.InvariantCulture
                );
            length += written;
        }

        if (isMapped)
        {
            destination[length++] = ':';
            length += IpV4Text.Format((uint)address, destination[length..]);
        }

        return length;
    }

    private static ushort GroupOf(UInt128 address, int index) =>
        (ushort)(address >> (16 * (Groups - 1 - index)));

    // Section 4.2: the longest, of equally long ones the first, and never a single group.
    private static (int Start, int Length) LongestRunOfZeros(UInt128 address, int groups)
    {
        (int Start, int Length) longest = (-1, 1);
        int start = 0;
        for (int i = 0; i < groups; i++)
        {
            if (GroupOf(address, i) != 0)
            {
                start = i + 1;
            }
            else if (i + 1 - start > longest.Length)
            {
                longest = (start, i + 1 - start);
            }
        }

        return longest;
    }
}
