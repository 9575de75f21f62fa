using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Morgana.Net;

/// <summary>An address and a port: one end of a UDP exchange or a TCP connection.</summary>
/// <param name="Address">The host.</param>
/// <param name="Port">The port, 0 to 65535.</param>
public readonly record struct IpEndpoint(IpAddress Address, ushort Port) : ISpanParsable<IpEndpoint>
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

    /// <summary>10.0.0.2:53 or [2001:db8::1]:53.</summary>
    public override string ToString() =>
        Address.IsV6
            ? string.Create(CultureInfo.InvariantCulture, $"[{Address}]:{Port}")
            : string.Create(CultureInfo.InvariantCulture, $"{Address}:{Port}");
}
