using System.Text;

namespace Morgana.Storage.Tar;

/// <summary>A header block of a tar archive (POSIX ustar, with what GNU tar and older ones do differently): 512 bytes in, values out.</summary>
/// <param name="Type">What follows: '0' or NUL a file, '5' a folder, 'x' and 'g' pax attributes, 'L' and 'K' long names of GNU, and so on.</param>
/// <param name="Size">Bytes that follow.</param>
/// <param name="Seconds">Time of the last change, since 1970.</param>
/// <param name="Name">Name with the prefix of ustar, as bytes.</param>
internal readonly record struct TarHeader(byte Type, long Size, long Seconds, byte[] Name)
{
    /// <summary>Bytes of a header, and what everything is a multiple of.</summary>
    public const int BlockSize = 512;

    /// <summary>Reads a header; nothing in it is trusted.</summary>
    /// <param name="block">512 bytes.</param>
    /// <param name="header">What it says.</param>
    /// <param name="error">Why it is none.</param>
    public static bool TryRead(ReadOnlySpan<byte> block, out TarHeader header, out string error)
    {
        header = default;
        error = "";
        if (!TryNumber(block.Slice(148, 8), out long sum) || !IsSum(block, sum))
        {
            error = "the checksum of a header is wrong";
            return false;
        }

        if (!TryNumber(block.Slice(124, 12), out long size))
        {
            error = "a size is no number";
            return false;
        }

        if (!TryNumber(block.Slice(136, 12), out long seconds))
        {
            seconds = 0;
        }

        ReadOnlySpan<byte> name = Text(block[..100]);
        // "ustar" and NUL is POSIX; GNU has "ustar  " and other things where POSIX has the prefix.
        ReadOnlySpan<byte> prefix = block[257..].StartsWith("ustar\0"u8)
            ? Text(block.Slice(345, 155))
            : [];
        header = new TarHeader(
            block[156],
            size,
            seconds,
            prefix.Length == 0 ? name.ToArray() : [.. prefix, (byte)'/', .. name]
        );
        return true;
    }

    /// <summary>True for a block of zeros: two of them end an archive.</summary>
    public static bool IsEnd(ReadOnlySpan<byte> block) => !block.ContainsAnyExcept((byte)0);

    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return end < 0 ? field : field[..end];
    }

    /// <summary>The sum of all bytes with the field of the sum as spaces; old programs added bytes with a sign.</summary>
    private static bool IsSum(ReadOnlySpan<byte> block, long expected)
    {
        long plain = 8 * ' ';
        long signed = plain;
        for (int i = 0; i < BlockSize; i++)
        {
            if (i is < 148 or >= 156)
            {
                plain += block[i];
                signed += (sbyte)block[i];
            }
        }

        return expected == plain || expected == signed;
    }

    /// <summary>Octal digits with spaces or NULs around them; or, with the highest bit set, a binary number as GNU tar writes large ones.</summary>
    private static bool TryNumber(ReadOnlySpan<byte> field, out long value)
    {
        value = 0;
        if ((field[0] & 0x80) != 0)
        {
            if (field[0] != 0x80)
            {
                // Negative, or larger than any archive.
                return false;
            }

            foreach (byte b in field[1..])
            {
                if (value > long.MaxValue >> 8)
                {
                    return false;
                }

                value = value << 8 | b;
            }

            return true;
        }

        ReadOnlySpan<byte> digits = field.Trim(" \0"u8);
        foreach (byte b in digits)
        {
            if (b is < (byte)'0' or > (byte)'7' || value > long.MaxValue >> 3)
            {
                return false;
            }

            value = value << 3 | (long)(b - '0');
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(char)Type} {Encoding.UTF8.GetString(Name)} {Size}";
}
