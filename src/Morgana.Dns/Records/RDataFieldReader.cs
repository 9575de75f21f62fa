using System.Buffers.Binary;

namespace Morgana.Dns;

/// <summary>Goes through the fields of a record's data and checks each: what all operations on data are built on.</summary>
internal ref struct RDataFieldReader
{
    private readonly RDataLayout _layout;
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _end;
    private readonly bool _inMessage;
    private int _index;
    private int _next;

    /// <param name="layout">The layout of the data.</param>
    /// <param name="message">The message, or the data alone.</param>
    /// <param name="offset">Where the data starts.</param>
    /// <param name="length">Its length in bytes; must lie within the message.</param>
    /// <param name="inMessage">Whether names may be compressed.</param>
    public RDataFieldReader(
        RDataLayout layout,
        ReadOnlySpan<byte> message,
        int offset,
        int length,
        bool inMessage
    )
    {
        _layout = layout;
        _message = message;
        _next = offset;
        _end = offset + length;
        _inMessage = inMessage;
    }

    /// <summary>What kind of field this is.</summary>
    public RDataField Field { get; private set; }

    /// <summary>Where the field starts.</summary>
    public int Start { get; private set; }

    /// <summary>The first byte after the field.</summary>
    public readonly int Next => _next;

    /// <summary>For a name: the length of its expanded form.</summary>
    public int NameLength { get; private set; }

    /// <summary>What was wrong when <see cref="MoveNext"/> gave false before the end.</summary>
    public WireError Error { get; private set; }

    /// <summary>True when the field is a name.</summary>
    public readonly bool IsName =>
        Field is RDataField.CompressibleName or RDataField.Name or RDataField.PlainName;

    /// <summary>The field's bytes in place.</summary>
    public readonly ReadOnlySpan<byte> Bytes => _message[Start.._next];

    /// <summary>For a name: the name.</summary>
    public readonly DnsNameView Name => DnsNameView.FromScan(_message, Start, NameLength, _next);

    /// <summary>Goes to the next field; false after the last or at an error.</summary>
    public bool MoveNext()
    {
        if (Error != WireError.None)
        {
            return false;
        }

        if (_index == _layout.Fields.Length)
        {
            if (_next != _end)
            {
                Error = WireError.DataLength;
            }

            return false;
        }

        Field = _layout.Fields[_index++];
        Start = _next;
        Error = Check();
        return Error == WireError.None;
    }

    private WireError Check()
    {
        ReadOnlySpan<byte> rest = _message[_next.._end];
        switch (Field)
        {
            case RDataField.Byte:
                return Take(1, rest);
            case RDataField.UInt16 or RDataField.Type:
                return Take(2, rest);
            case RDataField.UInt32 or RDataField.Seconds or RDataField.Timestamp or RDataField.Ipv4:
                return Take(4, rest);
            case RDataField.Ipv6:
                return Take(16, rest);
            case RDataField.CompressibleName or RDataField.Name or RDataField.PlainName:
                // The name's own labels must end within the data, but what a pointer leads to lies before it.
                WireError error = WireName.Scan(
                    _message[.._end],
                    _next,
                    _inMessage && Field != RDataField.PlainName,
                    out _next,
                    out int length
                );
                NameLength = length;
                return error == WireError.Truncated ? WireError.DataLength : error;
            case RDataField.String or RDataField.Salt:
                return rest.IsEmpty ? WireError.DataLength : Take(rest[0] + 1, rest);
            case RDataField.Hash:
                return rest.IsEmpty || rest[0] == 0
                    ? WireError.DataLength
                    : Take(rest[0] + 1, rest);
            case RDataField.Tag:
                return CheckTag(rest);
            case RDataField.Strings:
                return CheckStrings(rest);
            case RDataField.Base64Rest or RDataField.HexRest:
                return rest.IsEmpty ? WireError.DataLength : Take(rest.Length, rest);
            case RDataField.TypeBitmap:
                return CheckBitmap(rest);
            case RDataField.ServiceParameters:
                return Then(ServiceParameterWire.Check(rest), rest);
            case RDataField.Services:
                // A port is 16 bits, so no bitmap needs more than 8192 bytes.
                return rest.Length is 0 or > 8193 ? WireError.DataLength : Take(rest.Length, rest);
            case RDataField.Options:
                return CheckOptions(rest);
            default:
                return Take(rest.Length, rest);
        }
    }

    private WireError Take(int count, ReadOnlySpan<byte> rest)
    {
        if (count > rest.Length)
        {
            return WireError.DataLength;
        }

        _next += count;
        return WireError.None;
    }

    private WireError Then(WireError error, ReadOnlySpan<byte> rest) =>
        error == WireError.None ? Take(rest.Length, rest) : error;

    private WireError CheckTag(ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty || rest[0] == 0 || rest[0] >= rest.Length)
        {
            return WireError.DataLength;
        }

        foreach (byte b in rest.Slice(1, rest[0]))
        {
            if (!char.IsAsciiLetterOrDigit((char)b))
            {
                return WireError.DataValue;
            }
        }

        return Take(rest[0] + 1, rest);
    }

    private WireError CheckStrings(ReadOnlySpan<byte> rest)
    {
        int at = 0;
        while (at < rest.Length)
        {
            at += rest[at] + 1;
        }

        return at != rest.Length || at == 0 ? WireError.DataLength : Take(at, rest);
    }

    private WireError CheckBitmap(ReadOnlySpan<byte> rest)
    {
        int lastWindow = -1;
        int at = 0;
        while (at < rest.Length)
        {
            if (at + 2 > rest.Length || rest[at + 1] is 0 or > 32)
            {
                return WireError.DataLength;
            }

            int next = at + 2 + rest[at + 1];
            if (next > rest.Length)
            {
                return WireError.DataLength;
            }

            // RFC 4034 section 4.1.2: windows in increasing order, and no trailing zeros in a window.
            if (rest[at] <= lastWindow || rest[next - 1] == 0)
            {
                return WireError.DataValue;
            }

            lastWindow = rest[at];
            at = next;
        }

        return Take(at, rest);
    }

    private WireError CheckOptions(ReadOnlySpan<byte> rest)
    {
        int at = 0;
        while (at < rest.Length)
        {
            if (at + 4 > rest.Length)
            {
                return WireError.DataLength;
            }

            at += 4 + BinaryPrimitives.ReadUInt16BigEndian(rest[(at + 2)..]);
        }

        return at != rest.Length ? WireError.DataLength : Take(at, rest);
    }
}
