using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Morgana.Net;

/// <summary>
/// An IPv4 or IPv6 address: a value of 24 bytes that costs no allocation, unlike <see cref="System.Net.IPAddress"/>.
/// The default value is "no address" (neither family).
/// </summary>
public readonly record struct IpAddress : ISpanParsable<IpAddress>, ISpanFormattable
{
    private readonly UInt128 _bits;
    private readonly IpFamily _family;

    private IpAddress(IpFamily family, UInt128 bits)
    {
        _family = family;
        _bits = bits;
    }

    /// <summary>Which version of IP the address belongs to; <see cref="IpFamily.None"/> for the default value.</summary>
    public IpFamily Family => _family;

    /// <summary>True for IPv4.</summary>
    public bool IsV4 => _family == IpFamily.V4;

    /// <summary>True for IPv6.</summary>
    public bool IsV6 => _family == IpFamily.V6;

    /// <summary>Length on the wire in bytes: 4, 16, or 0 for the default value.</summary>
    public int Size =>
        _family switch
        {
            IpFamily.V4 => 4,
            IpFamily.V6 => 16,
            _ => 0,
        };

    /// <summary>0.0.0.0.</summary>
    public static IpAddress AnyV4 { get; } = FromV4(0);

    /// <summary>255.255.255.255, every host on the link (RFC 919).</summary>
    public static IpAddress BroadcastV4 { get; } = FromV4(uint.MaxValue);

    /// <summary>True for 224.0.0.0/4 (RFC 5771) and ff00::/8 (RFC 4291).</summary>
    public bool IsMulticast =>
        _family == IpFamily.V4 ? (uint)_bits >> 28 == 0xe : IsV6 && (byte)(_bits >> 120) == 0xff;

    /// <summary>True for 127.0.0.0/8 (RFC 1122) and ::1 (RFC 4291).</summary>
    public bool IsLoopback =>
        _family == IpFamily.V4 ? (uint)_bits >> 24 == 127 : IsV6 && _bits == 1;

    /// <summary>True for 0.0.0.0 and ::.</summary>
    public bool IsUnspecified => _family != IpFamily.None && _bits == 0;

    /// <summary>An IPv4 address from its value in host order: 10.0.0.1 is 0x0a000001.</summary>
    public static IpAddress FromV4(uint value) => new(IpFamily.V4, value);

    /// <summary>An IPv4 address from its four numbers.</summary>
    public static IpAddress FromV4(byte a, byte b, byte c, byte d) =>
        FromV4((uint)(a << 24 | b << 16 | c << 8 | d));

    /// <summary>An IPv6 address from its value in host order.</summary>
    public static IpAddress FromV6(UInt128 value) => new(IpFamily.V6, value);

    /// <summary>The value in host order; meaningful only where <see cref="IsV4"/>.</summary>
    public uint ToUInt32() => (uint)_bits;

    /// <summary>The value in host order.</summary>
    public UInt128 ToUInt128() => _bits;

    /// <summary>Reads the four bytes of an IPv4 address in network order.</summary>
    public static IpAddress ReadV4(ReadOnlySpan<byte> bytes) =>
        FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>Reads the sixteen bytes of an IPv6 address in network order.</summary>
    public static IpAddress ReadV6(ReadOnlySpan<byte> bytes) =>
        FromV6(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    /// <summary>Writes the address in network order; <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        if (_family == IpFamily.V4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination, (uint)_bits);
        }
        else if (_family == IpFamily.V6)
        {
            BinaryPrimitives.WriteUInt128BigEndian(destination, _bits);
        }
    }

    /// <summary>Reads dotted decimal (four numbers, RFC 6943 section 3.1.1's strict form) or RFC 4291 text.</summary>
    public static bool TryParse(
        ReadOnlySpan<char> s,
        IFormatProvider? provider,
        out IpAddress result
    )
    {
        result = default;
        if (s.Contains(':'))
        {
            // Scope identifiers and brackets belong to sockets and URIs, not to an address.
            if (!IpV6Text.TryParse(s, out UInt128 bits))
            {
                return false;
            }

            result = FromV6(bits);
            return true;
        }

        if (!IpV4Text.TryParse(s, out uint value))
        {
            return false;
        }

        result = FromV4(value);
        return true;
    }

    /// <inheritdoc/>
    public static bool TryParse(
        [NotNullWhen(true)] string? s,
        IFormatProvider? provider,
        out IpAddress result
    ) => TryParse(s.AsSpan(), provider, out result);

    /// <inheritdoc/>
    public static IpAddress Parse(ReadOnlySpan<char> s, IFormatProvider? provider) =>
        TryParse(s, provider, out IpAddress result)
            ? result
            : throw new FormatException(
                $"'{s}' is not an IP address: write four numbers from 0 to 255 as in 10.0.0.2, or an IPv6 address as in 2001:db8::1."
            );

    /// <inheritdoc/>
    public static IpAddress Parse(string s, IFormatProvider? provider) =>
        Parse(s.AsSpan(), provider);

    /// <inheritdoc/>
    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format,
        IFormatProvider? provider
    )
    {
        // The longest text first: whether it fits is known only when it is written.
        Span<char> text = stackalloc char[IpV6Text.MaxLength];
        ReadOnlySpan<char> written = text[..Format(text)];
        charsWritten = written.TryCopyTo(destination) ? written.Length : 0;
        return charsWritten > 0;
    }

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => ToString();

    /// <summary>Dotted decimal, RFC 5952 text, or "none".</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[IpV6Text.MaxLength];
        return text[..Format(text)].ToString();
    }

    private int Format(Span<char> destination)
    {
        switch (_family)
        {
            case IpFamily.V4:
                return IpV4Text.Format((uint)_bits, destination);
            case IpFamily.V6:
                return IpV6Text.Format(_bits, destination);
            default:
                "none".CopyTo(destination);
                return "none".Length;
        }
    }
}
