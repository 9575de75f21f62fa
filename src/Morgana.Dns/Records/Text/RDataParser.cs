using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Morgana.Net;

namespace Morgana.Dns;

/// <summary>
/// Reads the data of a record as master files write it, by its layout, or in the form of RFC 3597 section 5. Stops at the end of
/// the entry. Errors are sentences; where they are is the tokenizer's position.
/// </summary>
internal ref struct RDataParser
{
    private readonly RecordType _type;
    private readonly DnsName _origin;
    private readonly ArrayBufferWriter<byte> _wire;

    public RDataParser(RecordType type, DnsName origin)
    {
        _type = type;
        _origin = origin;
        _wire = new ArrayBufferWriter<byte>();
    }

    /// <summary>The data that was read.</summary>
    public readonly RData Result => RData.FromGoodWire(_type, _wire.WrittenSpan.ToArray());

    /// <summary>Reads the data; the current token is its first.</summary>
    /// <returns>What is wrong, or null.</returns>
    public readonly string? Parse(ref MasterTokenizer tokens, RecordClass recordClass)
    {
        RDataLayout layout = RDataLayout.Of(_type, recordClass);
        string? error;
        if (tokens is { Kind: MasterToken.Word, Text: "\\#" })
        {
            error = ParseGeneric(ref tokens);
        }
        else if (layout.IsUnknown || _type is RecordType.Null or RecordType.Opt)
        {
            return tokens.Kind == MasterToken.Bad
                ? tokens.Error
                : $"The data of {_type.ToText()} has no text form of its own: write \\#, its length in bytes, and the bytes in hexadecimal.";
        }
        else
        {
            error = ParseFields(layout, ref tokens);
        }

        if (error is not null)
        {
            return tokens.Kind == MasterToken.Bad ? tokens.Error : error;
        }

        if (!tokens.AtEntryEnd)
        {
            return tokens.Kind == MasterToken.Bad
                ? tokens.Error
                : $"'{tokens.Text}' is too much: the data of {_type.ToText()} ends before it.";
        }

        if (_wire.WrittenCount > RData.MaxLength)
        {
            return $"The data has {_wire.WrittenCount} bytes, and 65,535 is the most a record can have: shorten it.";
        }

        WireError wrong = RDataWire.Check(
            layout,
            _wire.WrittenSpan,
            0,
            _wire.WrittenCount,
            inMessage: false
        );
        return wrong switch
        {
            WireError.None => null,
            WireError.DataValue when _type is RecordType.Svcb or RecordType.Https =>
                "The service parameters contradict each other: every key that mandatory names must be there, and no-default-alpn needs alpn (RFC 9460).",
            _ => $"The bytes are not the data of {_type.ToText()} ({wrong}): correct them.",
        };
    }

    private readonly string? ParseFields(RDataLayout layout, ref MasterTokenizer tokens)
    {
        foreach (RDataField field in layout.Fields)
        {
            bool mayBeEmpty = field is RDataField.TypeBitmap or RDataField.ServiceParameters;
            if (tokens.Kind == MasterToken.Bad)
            {
                return tokens.Error;
            }

            if (tokens.AtEntryEnd && !mayBeEmpty)
            {
                return $"The data of {_type.ToText()} is not complete: {Describe(field)} is missing.";
            }

            string? error = field switch
            {
                RDataField.Strings => ParseStrings(ref tokens),
                RDataField.Base64Rest => ParseBase64(ref tokens),
                RDataField.HexRest => ParseHexRest(ref tokens),
                RDataField.TypeBitmap => ParseBitmap(ref tokens),
                RDataField.ServiceParameters => ParseParameters(ref tokens),
                RDataField.Services => ParseServices(ref tokens),
                _ => ParseOne(field, ref tokens),
            };
            if (error is not null)
            {
                return error;
            }
        }

        return null;
    }

    private readonly string? ParseOne(RDataField field, ref MasterTokenizer tokens)
    {
        ReadOnlySpan<char> text = tokens.Text;
        bool isString = field is RDataField.String or RDataField.QuotedRest;
        if (tokens.Kind == MasterToken.Quoted && !isString)
        {
            return $"\"{text}\" is quoted where {Describe(field)} is wanted: remove the quotes.";
        }

        string? error = field switch
        {
            RDataField.Byte => Number(text, byte.MaxValue, 1),
            RDataField.UInt16 => Number(text, ushort.MaxValue, 2),
            RDataField.UInt32 => Number(text, uint.MaxValue, 4),
            RDataField.Seconds => Duration.TryParse(text, out uint seconds)
                ? Put(seconds, 4)
                : Wrong(field, text),
            RDataField.Timestamp => Duration.TryParseTimestamp(text, out uint time)
                ? Put(time, 4)
                : Wrong(field, text),
            RDataField.Type => RecordTypeText.TryParse(text, out RecordType type)
                ? Put((uint)type, 2)
                : Wrong(field, text),
            RDataField.Ipv4 => Address(field, text, IpFamily.V4),
            RDataField.Ipv6 => Address(field, text, IpFamily.V6),
            RDataField.CompressibleName or RDataField.Name or RDataField.PlainName => Name(text),
            RDataField.Tag => Tag(text),
            RDataField.Salt => Salt(text),
            RDataField.Hash => Hash(text),
            _ => String(text, withLength: field == RDataField.String),
        };
        if (error is null)
        {
            tokens.Next();
        }

        return error;
    }

    private readonly string? Put(uint value, int size)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        _wire.Write(bytes[(4 - size)..]);
        return null;
    }

    private readonly string? Number(ReadOnlySpan<char> text, uint most, int size) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint value)
        && value <= most
            ? Put(value, size)
            : $"'{text}' is not a number from 0 to {most}: write one.";

    private readonly string? Address(RDataField field, ReadOnlySpan<char> text, IpFamily family)
    {
        if (!IpAddress.TryParse(text, null, out IpAddress address) || address.Family != family)
        {
            return Wrong(field, text);
        }

        address.Write(_wire.GetSpan(address.Size));
        _wire.Advance(address.Size);
        return null;
    }

    private readonly string? Name(ReadOnlySpan<char> text)
    {
        NameTextError error = NameText.TryParse(text, _origin, out DnsName name);
        if (error != NameTextError.None)
        {
            return NameText.Explain(error, text);
        }

        _wire.Write(name.Wire);
        return null;
    }

    private readonly string? Tag(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > byte.MaxValue)
        {
            return Wrong(RDataField.Tag, text);
        }

        _wire.Write([(byte)text.Length]);
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                return Wrong(RDataField.Tag, text);
            }

            _wire.Write([(byte)c]);
        }

        return null;
    }

    private readonly string? Salt(ReadOnlySpan<char> text)
    {
        if (text is "-")
        {
            _wire.Write([(byte)0]);
            return null;
        }

        Span<byte> salt = stackalloc byte[byte.MaxValue];
        if (
            text.IsEmpty
            || Convert.FromHexString(text, salt, out _, out int length) != OperationStatus.Done
        )
        {
            return Wrong(RDataField.Salt, text);
        }

        _wire.Write([(byte)length]);
        _wire.Write(salt[..length]);
        return null;
    }

    private readonly string? Hash(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[byte.MaxValue];
        if (!Base32Hex.TryDecode(text, hash, out int length) || length == 0)
        {
            return Wrong(RDataField.Hash, text);
        }

        _wire.Write([(byte)length]);
        _wire.Write(hash[..length]);
        return null;
    }

    private readonly string? String(ReadOnlySpan<char> text, bool withLength)
    {
        var bytes = new ArrayBufferWriter<byte>(Math.Max(text.Length, 1));
        if (!CharacterString.TryRead(text, bytes))
        {
            return "A backslash must be followed by a character, or by three digits from 000 to 255.";
        }

        if (withLength)
        {
            if (bytes.WrittenCount > byte.MaxValue)
            {
                return $"The text has {bytes.WrittenCount} bytes, and a string has at most 255: cut it into several.";
            }

            _wire.Write([(byte)bytes.WrittenCount]);
        }

        _wire.Write(bytes.WrittenSpan);
        return null;
    }

    private readonly string? ParseStrings(ref MasterTokenizer tokens)
    {
        while (tokens.IsText)
        {
            string? error = String(tokens.Text, withLength: true);
            if (error is not null)
            {
                return error;
            }

            tokens.Next();
        }

        return null;
    }

    /// <summary>Joins the words up to the end of the entry.</summary>
    private static string Join(ref MasterTokenizer tokens)
    {
        var text = new StringBuilder();
        while (tokens.IsText)
        {
            text.Append(tokens.Text);
            tokens.Next();
        }

        return text.ToString();
    }

    private readonly string? ParseBase64(ref MasterTokenizer tokens)
    {
        string text = Join(ref tokens);
        byte[] bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out int length) || length == 0)
        {
            return Wrong(RDataField.Base64Rest, text);
        }

        _wire.Write(bytes.AsSpan(0, length));
        return null;
    }

    private readonly string? ParseHexRest(ref MasterTokenizer tokens)
    {
        string text = Join(ref tokens);
        byte[] bytes = new byte[text.Length / 2];
        if (
            text.Length == 0
            || Convert.FromHexString(text, bytes, out _, out _) != OperationStatus.Done
        )
        {
            return Wrong(RDataField.HexRest, text);
        }

        _wire.Write(bytes);
        return null;
    }

    private readonly string? ParseGeneric(ref MasterTokenizer tokens)
    {
        tokens.Next();
        if (
            !tokens.IsText
            || !ushort.TryParse(
                tokens.Text,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out ushort length
            )
        )
        {
            return "After \\# the length in bytes is wanted, from 0 to 65535 (RFC 3597 section 5).";
        }

        tokens.Next();
        string text = Join(ref tokens);
        byte[] bytes = new byte[text.Length / 2];
        if (Convert.FromHexString(text, bytes, out _, out _) != OperationStatus.Done)
        {
            return Wrong(RDataField.HexRest, text);
        }

        if (bytes.Length != length)
        {
            return $"\\# announces {length} bytes and {bytes.Length} follow: correct one or the other.";
        }

        _wire.Write(bytes);
        return null;
    }

    private readonly string? ParseBitmap(ref MasterTokenizer tokens)
    {
        var types = new SortedSet<ushort>();
        while (tokens.IsText)
        {
            if (!RecordTypeText.TryParse(tokens.Text, out RecordType type))
            {
                return Wrong(RDataField.Type, tokens.Text);
            }

            types.Add((ushort)type);
            tokens.Next();
        }

        Span<byte> bits = stackalloc byte[32];
        foreach (IGrouping<int, ushort> window in types.GroupBy(type => type >> 8))
        {
            bits.Clear();
            int length = 0;
            foreach (ushort type in window)
            {
                int low = type & 0xff;
                bits[low / 8] |= (byte)(0x80 >> low % 8);
                length = low / 8 + 1;
            }

            _wire.Write([(byte)window.Key, (byte)length]);
            _wire.Write(bits[..length]);
        }

        return null;
    }

    private readonly string? ParseParameters(ref MasterTokenizer tokens)
    {
        var parameters = new SortedDictionary<int, byte[]>();
        while (tokens.IsText)
        {
            string? error = ServiceParameterText.Read(tokens.Text, parameters);
            if (error is not null)
            {
                return error;
            }

            tokens.Next();
        }

        foreach ((int key, byte[] value) in parameters)
        {
            if (value.Length > ushort.MaxValue)
            {
                return "A service parameter has at most 65,535 bytes: shorten it.";
            }

            Put((uint)key, 2);
            Put((uint)value.Length, 2);
            _wire.Write(value);
        }

        return null;
    }

    private readonly string? ParseServices(ref MasterTokenizer tokens)
    {
        int protocol = WellKnownService.ProtocolOf(tokens.Text);
        string? error =
            protocol >= 0 ? Put((uint)protocol, 1) : Number(tokens.Text, byte.MaxValue, 1);
        if (error is not null)
        {
            return error;
        }

        byte[] bits = new byte[8192];
        int length = 0;
        while (tokens.Next() is MasterToken.Word or MasterToken.Quoted)
        {
            int port = WellKnownService.PortOf(tokens.Text);
            if (port < 0)
            {
                if (
                    !ushort.TryParse(
                        tokens.Text,
                        NumberStyles.None,
                        CultureInfo.InvariantCulture,
                        out ushort number
                    )
                )
                {
                    return $"'{tokens.Text}' is not a port: write a number from 0 to 65535.";
                }

                port = number;
            }

            bits[port / 8] |= (byte)(0x80 >> port % 8);
            length = Math.Max(length, port / 8 + 1);
        }

        _wire.Write(bits.AsSpan(0, length));
        return null;
    }

    private static string Wrong(RDataField field, ReadOnlySpan<char> text) =>
        $"'{text}' is not {Describe(field)}.";

    private static string Describe(RDataField field) =>
        field switch
        {
            RDataField.Byte => "a number from 0 to 255",
            RDataField.UInt16 => "a number from 0 to 65535",
            RDataField.UInt32 => "a number from 0 to 4294967295",
            RDataField.Seconds =>
                "a number of seconds, as in 5400 or 1h30m (units w, d, h, m, s, each at most once)",
            RDataField.Timestamp => "a time as YYYYMMDDHHmmSS in UTC, up to 2106",
            RDataField.Type => "a record type, as in MX or TYPE65280",
            RDataField.Ipv4 => "an IPv4 address, as in 192.0.2.1",
            RDataField.Ipv6 => "an IPv6 address, as in 2001:db8::1",
            RDataField.CompressibleName or RDataField.Name or RDataField.PlainName =>
                "a domain name",
            RDataField.String or RDataField.Strings or RDataField.QuotedRest =>
                "text, in quotes where it has spaces",
            RDataField.Tag => "a tag of 1 to 255 letters and digits, as in issue",
            RDataField.Base64Rest => "base64 text",
            RDataField.HexRest => "pairs of hexadecimal digits",
            RDataField.Salt => "a salt: up to 255 pairs of hexadecimal digits, or - for none",
            RDataField.Hash => "a hash in base32hex (0-9, A-V)",
            RDataField.Services => "a protocol (TCP, UDP or a number)",
            _ => "a value",
        };
}
