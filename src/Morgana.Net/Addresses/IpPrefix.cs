using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Morgana.Net;

/// <summary>
/// An address together with the length of its network's prefix (RFC 4632): 10.0.0.2/24 is the host 10.0.0.2 in the network
/// 10.0.0.0/24. The bits of the host are kept, because this is how an interface is configured.
/// The default value is "no prefix", which contains nothing.
/// </summary>
public readonly record struct IpPrefix : ISpanParsable<IpPrefix>, ISpanFormattable
{
    private readonly byte _length;

    /// <summary>Joins an address and a length.</summary>
    /// <param name="address">An IPv4 or IPv6 address, host bits included.</param>
    /// <param name="length">0 to 32 for IPv4, 0 to 128 for IPv6.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length does not fit the address.</exception>
    public IpPrefix(IpAddress address, int length)
    {
        if (length < 0 || length > address.Size * 8)
        {
            throw new ArgumentOutOfRangeException(
                nameof(length),
                length,
                $"A prefix of {address} has a length from 0 to {address.Size * 8}."
            );
        }

        Address = address;
        _length = (byte)length;
    }

    /// <summary>The address as it was given, host bits included.</summary>
    public IpAddress Address { get; }

    /// <summary>Number of leading bits that the network's addresses have in common.</summary>
    public int Length => _length;

    /// <summary>Which version of IP the prefix belongs to.</summary>
    public IpFamily Family => Address.Family;

    /// <summary>The network's first address: all host bits are zero.</summary>
    public IpAddress Network =>
        Family switch
        {
            IpFamily.V4 => IpAddress.FromV4(Address.ToUInt32() & MaskV4),
            IpFamily.V6 => IpAddress.FromV6(Address.ToUInt128() & MaskV6),
            _ => default,
        };

    /// <summary>
    /// The address that reaches every host of an IPv4 network: all host bits are one (RFC 919). None for IPv6 and for
    /// /31 and /32, which have no broadcast (RFC 3021).
    /// </summary>
    public IpAddress Broadcast =>
        Family == IpFamily.V4 && _length <= 30
            ? IpAddress.FromV4(Address.ToUInt32() | ~MaskV4)
            : default;

    private uint MaskV4 => _length == 0 ? 0 : uint.MaxValue << (32 - _length);

    private UInt128 MaskV6 => _length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - _length);

    /// <summary>True when <paramref name="address"/> is of the same family and inside the network.</summary>
    public bool Contains(IpAddress address) =>
        address.Family == Family
        && Family switch
        {
            IpFamily.V4 => ((address.ToUInt32() ^ Address.ToUInt32()) & MaskV4) == 0,
            IpFamily.V6 => ((address.ToUInt128() ^ Address.ToUInt128()) & MaskV6) == 0,
            _ => false,
        };

    /// <summary>Reads an address, a slash and a length without sign or leading zero: 10.0.0.2/24 or 2001:db8::1/64.</summary>
    public static bool TryParse(
        ReadOnlySpan<char> s,
        IFormatProvider? provider,
        out IpPrefix result
    )
    {
        result = default;
        int slash = s.LastIndexOf('/');
        if (slash < 0 || !IpAddress.TryParse(s[..slash], provider, out IpAddress address))
        {
            return false;
        }

        ReadOnlySpan<char> digits = s[(slash + 1)..];
        if (
            digits.Length is 0 or > 3
            || (digits.Length > 1 && digits[0] == '0')
            || !byte.TryParse(
                digits,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out byte length
            )
            || length > address.Size * 8
        )
        {
            return false;
        }

        result = new IpPrefix(address, length);
        return true;
    }

    /// <inheritdoc/>
    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out IpPrefix result
    ) => TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static IpPrefix Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out IpPrefix result)
            ? result
            : throw new FormatException(
                $"'{s}' is not an address with a prefix length: write an address, a slash and the number of network bits, as in 10.0.0.2/24."
            );

    /// <inheritdoc/>
    public static IpPrefix Parse(string s, IFormatProvider? provider) =>
        Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format,
        IFormatProvider? provider
    ) =>
        Family == IpFamily.None
            ? destination.TryWrite($"none", out charsWritten)
            : destination.TryWrite(
                CultureInfo.InvariantCulture,
                $"{Address}/{_length}",
                out charsWritten
            );

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>The address, a slash and the length; or "none".</summary>
    public override string ToString() =>
        Family == IpFamily.None
            ? "none"
            : string.Create(CultureInfo.InvariantCulture, $"{Address}/{_length}");
}
