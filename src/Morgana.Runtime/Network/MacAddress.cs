using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Morgana.Runtime;

/// <summary>A 48-bit IEEE 802 hardware address.</summary>
public readonly record struct MacAddress : ISpanParsable<MacAddress>, ISpanFormattable
{
    /// <summary>Length on the wire, in bytes.</summary>
    public const int Size = 6;

    private readonly ulong _bits;

    private MacAddress(ulong bits) => _bits = bits;

    /// <summary>ff:ff:ff:ff:ff:ff, every station on the link.</summary>
    public static MacAddress Broadcast { get; } = new(0xffff_ffff_ffff);

    /// <summary>True for broadcast and multicast addresses (the group bit, IEEE 802-2014 section 8.2).</summary>
    public bool IsGroup => (_bits >> 40 & 1) != 0;

    /// <summary>Reads an address from its six bytes on the wire.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes; the rest is ignored.</param>
    public static MacAddress Read(ReadOnlySpan<byte> bytes)
    {
        ulong bits = 0;
        foreach (byte b in bytes[..Size])
        {
            bits = bits << 8 | b;
        }

        return new MacAddress(bits);
    }

    /// <summary>Writes the six bytes of the address.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> destination)
    {
        for (int i = 0; i < Size; i++)
        {
            destination[i] = (byte)(_bits >> (40 - 8 * i));
        }
    }

    /// <inheritdoc/>
    public static bool TryParse(
        ReadOnlySpan<char> s,
        IFormatProvider? provider,
        [MaybeNullWhen(false)] out MacAddress result
    )
    {
        result = default;
        if (s.Length != 17)
        {
            return false;
        }

        ulong bits = 0;
        for (int i = 0; i < Size; i++)
        {
            if (
                (i < 5 && s[3 * i + 2] != ':')
                || !byte.TryParse(
                    s.Slice(3 * i, 2),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out byte b
                )
            )
            {
                return false;
            }

            bits = bits << 8 | b;
        }

        result = new MacAddress(bits);
        return true;
    }

    /// <inheritdoc/>
    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out MacAddress result
    ) => TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static MacAddress Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out MacAddress result)
            ? result
            : throw new FormatException(
                $"'{s}' is not a hardware address: write six pairs of hexadecimal digits, as in 02:00:5e:10:00:01."
            );

    /// <inheritdoc/>
    public static MacAddress Parse(string s, IFormatProvider? provider) =>
        Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format,
        IFormatProvider? provider
    ) =>
        destination.TryWrite(
            CultureInfo.InvariantCulture,
            $"{(byte)(_bits >> 40):x2}:{(byte)(_bits >> 32):x2}:{(byte)(_bits >> 24):x2}:{(byte)(_bits >> 16):x2}:{(byte)(_bits >> 8):x2}:{(byte)_bits:x2}",
            out charsWritten
        );

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>Six pairs of lower-case hexadecimal digits, separated by colons.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[17];
        _ = TryFormat(text, out int written, default, null);
        return new string(text[..written]);
    }
}
