using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Morgana.Net;

/// <summary>An address and a port: one end of a UDP exchange or a TCP connection.</summary>
/// <param name="Address">The host.</param>
/// <param name="Port">The port, 0 to 65535.</param>
public readonly record struct IpEndpoint(IpAddress Address, ushort Port)
    : ISpanParsable<IpEndpoint>,
        ISpanFormattable
{
    /// <summary>Reads an address, a colon and a port without sign or leading zero: 10.0.0.2:53 or [2001:db8::1]:53.</summary>
    public static bool TryParse(
        ReadOnlySpan<char> s,
        IFormatProvider? provider,
        out IpEndpoint result
    )
    {
        result = default;
        int colon = s.LastIndexOf(':');
        if (colon < 1)
        {
            return false;
        }

        ReadOnlySpan<char> host = s[..colon];
        ReadOnlySpan<char> digits = s[(colon + 1)..];
        bool isBracketed = host[0] == '[' && host[^1] == ']' && host.Length > 2;
        if (isBracketed)
        {
            host = host[1..^1];
        }

        // Without brackets nobody could tell where an IPv6 address ends.
        if (
            !IpAddress.TryParse(host, provider, out IpAddress address)
            || address.IsV6 != isBracketed
            || digits.Length is 0 or > 5
            || (digits.Length > 1 && digits[0] == '0')
            || !ushort.TryParse(
                digits,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out ushort port
            )
        )
        {
            return false;
        }

        result = new IpEndpoint(address, port);
        return true;
    }

    /// <inheritdoc/>
    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out IpEndpoint result
    ) => TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static IpEndpoint Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out IpEndpoint result)
            ? result
            : throw new FormatException(
                $"'{s}' is not an address with a port: write an address, a colon and a port from 0 to 65535, as in 10.0.0.2:53 or [2001:db8::1]:53."
            );

    /// <inheritdoc/>
    public static IpEndpoint Parse(string s, IFormatProvider? provider) =>
        Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format,
        IFormatProvider? provider
    )
    {
        Span<char> text = stackalloc char[MaxLength];
        ReadOnlySpan<char> written = text[..Format(text)];
        charsWritten = written.TryCopyTo(destination) ? written.Length : 0;
        return charsWritten > 0;
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>10.0.0.2:53 or [2001:db8::1]:53.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[MaxLength];
        return text[..Format(text)].ToString();
    }

    // Brackets, a colon and five digits around the address.
    private const int MaxLength = IpV6Text.MaxLength + 8;

    private int Format(Span<char> destination)
    {
        int length = 0;
        if (Address.IsV6)
        {
            destination[length++] = '[';
        }

        _ = Address.TryFormat(destination[length..], out int written, default, null);
        length += written;
        if (Address.IsV6)
        {
            destination[length++] = ']';
        }

        destination[length++] = ':';
        _ = Port.TryFormat(
            destination[length..],
            out written,
            default,
            CultureInfo.InvariantCulture
        );
        return length + written;
    }
}
